import HeadraceCore
import HeadraceSystem

/// Standard error of a process that must not wait for whoever reads it: what it does not take at once is kept for
/// later, and beyond that counted.
struct PatientStream {
  private var pending: [UInt8] = []
  private var leftOutCount = 0

  /// Bytes that are kept.
  private static let capacity = 1 << 18
  /// What a pipe takes without waiting when it is said to be writable (pipe(7)).
  private static let pieceByteCount = 4_096

  /// Whether something is kept.
  var isBehind: Bool { !pending.isEmpty || leftOutCount > 0 }

  /// Writes a line, now or later.
  mutating func write(_ line: String) {
    guard pending.count < Self.capacity else {
      leftOutCount += 1
      return
    }
    pending += line.utf8
    pending.append(UInt8(ascii: "\n"))
  }

  /// Writes what is taken at once.
  mutating func flush() {
    while isBehind, StandardStream.error.isWritable {
      if pending.isEmpty {
        pending += "headrace: \(HumanUnits.count(leftOutCount, "line")) of the log were left out\n".utf8
        leftOutCount = 0
      }
      let piece = pending.prefix(Self.pieceByteCount)
      pending.removeFirst(piece.count)
      // Nobody could be told.
      StandardStream.error.show(bytes: piece)
    }
  }
}
