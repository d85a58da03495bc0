import FoundationEssentials
import HeadraceSystem

/// The terminal behind a stream, where a person looks and where the cursor can be moved.
enum Terminal {
  /// Columns of the terminal; nil for a file or another program, and where TERM is unset, empty or `dumb`: such a
  /// terminal shows the codes that move the cursor as text.
  static func columnCount(of stream: StandardStream) -> Int? { movesCursor ? stream.columnCount : nil }

  /// See `man 7 term`.
  private static let movesCursor = !["", "dumb"].contains(ProcessInfo.processInfo.environment["TERM"] ?? "")
}
