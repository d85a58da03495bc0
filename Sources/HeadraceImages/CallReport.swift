import CHeadracePNG
import HeadraceCore

/// How a call into the C shim ended.
struct CallReport {
  var status: Int32
  /// Bytes of the input that had been read.
  var offset: Int
  /// The shim's or libpng's words; empty where the status says all.
  var text: String

  /// How a call ends that has nothing to say.
  static let success = CallReport(status: Int32(HEADRACE_PNG_OK), offset: 0, text: "")

  var isSuccess: Bool { status == Int32(HEADRACE_PNG_OK) }

  /// Calls `body` with room for a message.
  static func of(_ body: (UnsafeMutablePointer<headrace_png_failure>) -> Int32) -> CallReport {
    let capacity = Int(HEADRACE_PNG_TEXT_CAPACITY)
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { text in
      unsafe text.initialize(repeating: 0)
      var failure = unsafe headrace_png_failure(offset: 0, text: text.baseAddress, text_capacity: capacity)
      let status = unsafe body(&failure)
      return unsafe CallReport(
        status: status, offset: failure.offset,
        text: status == Int32(HEADRACE_PNG_OK) ? "" : String(cString: text.baseAddress!))
    }
  }

  /// The error that this is, about the file in `bytes`.
  func error(reading bytes: Span<UInt8>) -> HeadraceError {
    switch Int(status) {
    case Int(HEADRACE_PNG_NOT_PNG):
      HeadraceError(
        .malformedImage,
        "Not a PNG file: byte 0 starts \(FirstBytes.text(of: bytes)), not 89 50 4e 47 0d 0a 1a 0a; "
          + "check which field or file this is, or leave it out.")
    case Int(HEADRACE_PNG_ENDED):
      HeadraceError(
        .malformedImage,
        "The PNG file is cut: input ended at byte \(offset), before the end of its IEND chunk; fetch or write it again."
      )
    case Int(HEADRACE_PNG_NO_MEMORY):
      HeadraceError(.outOfMemory, "No memory for libpng's buffers; lower the stage's concurrency.")
    default:
      HeadraceError(
        .malformedImage,
        "The PNG file is damaged at or before byte \(offset) of \(bytes.count): \(text); "
          + "fetch or write it again, or leave it out.")
    }
  }
}
