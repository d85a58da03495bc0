import HeadraceCore
import HeadraceShards

/// Names of a field of records: the first that a record has is taken.
struct FieldNames: Sendable {
  let names: [String]

  init(_ names: [String]) { self.names = names }

  /// - Parameter user: what the field is for, in an error.
  /// - Throws: `invalidPipeline` where there is no name.
  func validate(for user: String) throws(HeadraceError) {
    guard names.isEmpty else { return }
    throw HeadraceError(.invalidPipeline, "\(user) comes from no field; name one, such as from: \"png\".")
  }

  /// The bytes of the field.
  ///
  /// - Throws: `fieldNotFound`, with the first name, where the record has none of them.
  func bytes(of record: Record) throws(HeadraceError) -> [UInt8] {
    try record.bytes(names.first(where: record.has) ?? names.first ?? "")
  }
}
