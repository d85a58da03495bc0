import Glibc

/// Reads what the kernel shows as small text files, in /proc and /sys.
public enum SmallFile {
  /// The whole text, up to 64 KiB; nil if it cannot be read.
  public static func read(_ path: String) -> String? {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let descriptor = FileDescriptor(owning: number)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 65_536 {
      let count = unsafe Glibc.read(descriptor.number, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The file's text as one decimal number.
  public static func readInteger(_ path: String) -> Int? {
    guard let text = read(path) else { return nil }
    return Int(text.split(whereSeparator: \.isWhitespace).first ?? "")
  }
}
