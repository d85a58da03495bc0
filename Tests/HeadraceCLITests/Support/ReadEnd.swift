import Foundation
import Glibc

/// This process's end of a child's stream, and what was read from it.
struct ReadEnd {
  let descriptor: Int32
  private(set) var isOpen: Bool
  private var bytes: [UInt8] = []

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Opens a stream: the end to read, and the descriptor that the child writes to. Neither is inherited by others.
  static func open(_ stream: Child.Stream) throws -> (ReadEnd, Int32) {
    if stream == .pseudoTerminal || stream == .narrowTerminal {
      let (main, side) = try openPseudoTerminal()
      var size = winsize(ws_row: 24, ws_col: UInt16(narrowColumnCount), ws_xpixel: 0, ws_ypixel: 0)
      if stream == .narrowTerminal, unsafe ioctl(side, UInt(TIOCSWINSZ), &size) != 0 { throw POSIXError(.ENOTTY) }
      return (main, side)
    }
    // A named pipe, because Swift does not see pipe2(2), and pipe(2) would leak into what other tests start.
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("headrace-cli-\(UUID().uuidString)").path
    guard unsafe mkfifo(path, 0o600) == 0 else { throw POSIXError(.EACCES) }
    defer { _ = unsafe unlink(path) }
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    let childEnd = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0, childEnd >= 0 else { throw POSIXError(.EMFILE) }
    if stream == .readerGone { Glibc.close(descriptor) }
    return (ReadEnd(descriptor: descriptor, isOpen: stream == .pipe), childEnd)
  }

  /// Columns of a narrow terminal.
  static let narrowColumnCount = 30

  /// Whether this system lets a program open a pseudo-terminal.
  static var hasPseudoTerminals: Bool {
    guard let (main, side) = try? openPseudoTerminal() else { return false }
    Glibc.close(main.descriptor)
    Glibc.close(side)
    return true
  }

  /// See: `man 4 pts`, `man 2 ioctl_tty`.
  private static func openPseudoTerminal() throws -> (ReadEnd, Int32) {
    let (unlock, number) = (UInt(0x4004_5431), UInt(0x8004_5430))
    let main = unsafe Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, index) = (Int32(0), Int32(0))
    guard main >= 0, unsafe ioctl(main, unlock, &locked) == 0, unsafe ioctl(main, number, &index) == 0 else {
      throw POSIXError(.ENODEV)
    }
    let side = unsafe Glibc.open("/dev/pts/\(index)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard side >= 0 else { throw POSIXError(.ENODEV) }
    return (ReadEnd(descriptor: main, isOpen: true), side)
  }

  private init(descriptor: Int32, isOpen: Bool) {
    self.descriptor = descriptor
    self.isOpen = isOpen
  }

  /// Takes what is there. A pseudo-terminal whose other side is closed says so by EIO.
  mutating func readSome() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe read(descriptor, &buffer, buffer.count)
    if count > 0 {
      bytes += buffer[..<count]
    } else if count == 0 || errno != EINTR && errno != EAGAIN {
      close()
      isOpen = false
    }
  }

  func close() {
    if isOpen { Glibc.close(descriptor) }
  }
}
