import HeadraceCore

/// What should not be, in words.
public struct FuzzFinding: Error, CustomStringConvertible {
  /// What differs, or which error none of the bytes may have.
  public var description: String

  init(_ description: String) {
    self.description = description
  }

  /// Checks that an error is one of those that bytes can have.
  static func check(_ error: HeadraceError, isOneOf codes: [HeadraceError.Code]) throws(FuzzFinding) {
    guard codes.contains(error.code) else { throw FuzzFinding("\(error.code), where \(codes) are expected: \(error)") }
    // A message tells the cause and ends as a sentence.
    guard error.message.hasSuffix("."), !error.message.contains(": ;") else {
      throw FuzzFinding("no whole sentence: \(error)")
    }
  }
}
