/// Bytes that passed the network interfaces of a machine, or of a container, since they came up. Loopback is left out.
///
/// Each interface counts, so what passes a bridge on its way counts more than once.
public struct NetworkCounters: Sendable, Hashable {
  /// Bytes received.
  public var receivedByteCount: Int
  /// Bytes sent.
  public var sentByteCount: Int

  /// Counters of these values.
  public init(receivedByteCount: Int, sentByteCount: Int) {
    self.receivedByteCount = receivedByteCount
    self.sentByteCount = sentByteCount
  }

  /// The counters of the network namespace of a process; nil when it has ended. See `man 5 proc_pid_net`.
  ///
  /// - Parameter buffer: what is read passes through it. Give the same one again, and nothing is allocated.
  /// - Complexity: O(interfaces), about 10 microseconds for a few.
  public init?(ofProcess processID: Int32, buffer: inout [UInt8]) {
    guard let count = try? SmallFile.read("/proc/\(processID)/net/dev", into: &buffer), count > 0 else { return nil }
    self.init(buffer.span.extracting(..<count))
  }

  /// What the text of /proc/net/dev says: two lines of headings, then one for each interface.
  init(_ bytes: Span<UInt8>) {
    self.init(receivedByteCount: 0, sentByteCount: 0)
    var text = KernelText(bytes)
    while !text.isAtEnd {
      text.skipSpaces()
      // The headings have no colon. The first number can follow it without a space.
      if !text.take("lo:"), text.skipPast(":"), let received = text.number() {
        // Packets, errors and so on.
        text.skipWords(7)
        receivedByteCount = Self.sum(receivedByteCount, received)
        sentByteCount = Self.sum(sentByteCount, text.number() ?? 0)
      }
      text.skipLine()
    }
  }

  private static func sum(_ count: Int, _ further: UInt64) -> Int {
    let (sum, isLarge) = count.addingReportingOverflow(Int(clamping: further))
    return isLarge ? .max : sum
  }
}
