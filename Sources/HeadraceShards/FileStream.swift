import HeadraceCore
import HeadraceSystem

/// The bytes of a file, one system call per read.
struct FileStream: ~Copyable, ReadableStream {
  private let file: File

  init(_ path: String) throws(HeadraceError) {
    file = try located { () throws(FileError) in try File(reading: path) }
  }

  var name: String { file.path }

  /// Bytes in the file now.
  func size() throws(HeadraceError) -> Int {
    try located { () throws(FileError) in try file.size() }
  }

  mutating func read(into output: inout OutputSpan<UInt8>) throws(HeadraceError) {
    try file.readSome(into: &output)
  }
}
