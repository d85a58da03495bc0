import Glibc
import Testing

@testable import HeadraceSystem

@Suite struct NetworkCountersTests {
  private static let headings = """
    Inter-|   Receive                                                |  Transmit
     face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls \
    carrier compressed

    """

  private func counters(_ lines: String...) -> NetworkCounters {
    NetworkCounters(Array((Self.headings + lines.map { $0 + "\n" }.joined()).utf8).span)
  }

  @Test func interfacesAreSummedWithoutLoopback() {
    #expect(
      counters(
        "    lo:    6386      58    0    0    0     0          0         0"
          + "     6386      58    0    0    0     0       0          0",
        "  eth0: 9810251     464    0    0    0     0          0         0"
          + "    33610     440    0    0    0     0       0          0",
        "  lo1:       7     1    0    0    0     0          0         0"
          + "    5     1    0    0    0     0       0          0"
      ) == NetworkCounters(receivedByteCount: 9_810_258, sentByteCount: 33_615))
  }

  @Test func aLargeNumberMayTouchItsInterface() {
    #expect(
      counters("wlp3s0:12345678901 9 0 0 0 0 0 0 98765432109 9 0 0 0 0 0 0")
        == NetworkCounters(receivedByteCount: 12_345_678_901, sentByteCount: 98_765_432_109))
  }

  @Test func whatIsNoLineOfCountersCountsNothing() {
    let none = NetworkCounters(receivedByteCount: 0, sentByteCount: 0)
    #expect(counters() == none)
    #expect(counters("eth0:", "eth1: -", "") == none)
    #expect(counters("eth0: 5 1 0") == NetworkCounters(receivedByteCount: 5, sentByteCount: 0))
  }

  @Test func sumsStopAtTheLargestNumber() {
    let most = "18446744073709551615 0 0 0 0 0 0 0 18446744073709551615 0 0 0 0 0 0 0"
    #expect(
      counters("a: \(most)", "b: \(most)") == NetworkCounters(receivedByteCount: .max, sentByteCount: .max))
  }

  @Test func aProcessHasCountersUntilItHasEnded() throws {
    var buffer: [UInt8] = []
    #expect(NetworkCounters(ofProcess: getpid(), buffer: &buffer) != nil)
    let child = try Spawned("/bin/true", [])
    child.waitWithoutReaping()
    #expect(NetworkCounters(ofProcess: child.processID, buffer: &buffer) == nil)
    child.reap()
    #expect(NetworkCounters(ofProcess: child.processID, buffer: &buffer) == nil)
  }
}
