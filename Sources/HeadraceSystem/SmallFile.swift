import Glibc

/// Reads what the kernel shows as small text files, in /proc and /sys.
public enum SmallFile {
  /// The whole text, up to 64 KiB; nil if it cannot be read.
  public static func read(_ path: String) -> String? {
    guard let number = try? retryingOnInterrupt("open", { unsafe open(path, O_RDONLY | O_CLOEXEC) }) else { return nil }
    let descriptor = FileDescriptor(owning: number)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 65_536 {
      let count = try? retryingOnInterrupt("read") { unsafe Glibc.read(descriptor.number, &buffer, buffer.count) }
      guard let count else { return nil }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
