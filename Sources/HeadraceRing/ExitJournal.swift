import HeadraceCore
import HeadraceSystem

/// How processes of the loader have ended, the newest 256: in a memory file that the supervisor writes and readers read.
///
/// ```
/// count u64: exits written since the start
/// entry n, 4096 bytes, at 4096 + n mod 256 * 4096: byte count u64 | stored bytes
/// ```
struct ExitJournal: ~Copyable, Sendable {
  private static let entryCount = 256
  private static let entryByteCount = 4_096

  private let file: GrowingMemoryFile

  init() throws(Errno) {
    file = try GrowingMemoryFile(name: "headrace-exits")
  }

  /// One that another process has made.
  init(_ descriptor: consuming FileDescriptor) {
    file = GrowingMemoryFile(descriptor)
  }

  var descriptor: Int32 { file.descriptor.number }

  /// Adds an exit. One writer at a time. What has no room is left out from the end of its list of work.
  func append(_ exit: WorkerExit) {
    var exit = exit
    var bytes: [UInt8] = []
    while true {
      bytes = []
      guard (try? exit.store(into: &bytes)) != nil else { return }
      if bytes.count <= Self.entryByteCount - 8 { break }
      guard !exit.work.isEmpty else { return }
      exit.work.removeLast()
    }
    let number = count
    var entry: [UInt8] = []
    UInt64(bytes.count).store(into: &entry)
    entry += bytes
    // Counted once it is there; without memory it is not told.
    guard write(entry, at: Self.offset(number)) else { return }
    var total: [UInt8] = []
    UInt64(number + 1).store(into: &total)
    _ = write(total, at: 0)
  }

  /// Those that are there, the oldest first.
  func read() -> [WorkerExit] {
    let count = count
    return (max(0, count - Self.entryCount)..<count).compactMap { number in
      guard let head = read(8, at: Self.offset(number)), let length = try? UInt64(storedBytes: head.span),
        length <= UInt64(Self.entryByteCount - 8), let bytes = read(Int(length), at: Self.offset(number) + 8)
      else { return nil }
      return try? WorkerExit(storedBytes: bytes.span)
    }
  }

  private var count: Int {
    read(8, at: 0).flatMap { try? UInt64(storedBytes: $0.span) }.map { Int(clamping: $0) } ?? 0
  }

  private static func offset(_ number: Int) -> Int { entryByteCount * (1 + number % entryCount) }

  private func write(_ bytes: [UInt8], at offset: Int) -> Bool {
    unsafe bytes.withUnsafeBytes { unsafe file.write($0, at: offset) }
  }

  private func read(_ byteCount: Int, at offset: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    return unsafe bytes.withUnsafeMutableBytes({ unsafe file.read($0, at: offset) }) ? bytes : nil
  }
}

extension Ring {
  /// How processes of the loader have ended that were not told to, the newest 256, the oldest of them first.
  package var exits: [WorkerExit] { memory.exitJournal.read() }

  /// Notes an exit: the supervisor alone does.
  package func note(_ exit: WorkerExit) { memory.exitJournal.append(exit) }
}
