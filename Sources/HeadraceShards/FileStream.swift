import HeadraceCore

/// The bytes of a file, one system call per read.
struct FileStream: ~Copyable, ByteStream {
  private let file: OpenFile

  init(_ path: String) throws(HeadraceError) {
    file = try OpenFile(reading: path)
  }

  var name: String { file.path }

  /// Bytes in the file now.
  func size() throws(HeadraceError) -> Int { try file.size() }

  mutating func read(into output: inout OutputSpan<UInt8>) throws(HeadraceError) {
    try file.read(into: &output)
  }
}
