import Headrace
import Testing

@testable import HeadraceWorker

/// The table for people is golden.
@Suite struct ResourceTableTests {
  private var samples: [ResourceSample] {
    var first = ResourceSample()
    first.residentByteCount = 152_000_000
    first.pssByteCount = 101_000_000
    first.privateByteCount = 50_300_000
    var second = ResourceSample()
    second.seconds = 1.04
    second.cpuPercent = 187.4
    second.residentByteCount = 297_000_000
    second.diskReadBytesPerSecond = 12_000_000
    second.diskWrittenBytesPerSecond = 0
    second.networkReceivedBytesPerSecond = 1234
    second.networkSentBytesPerSecond = 99.6
    return [first, second]
  }

  @Test func tableIsAsReviewed() {
    #expect(
      "\(ResourceTable(samples))" == """
        time     CPU     RSS     PSS  private   read/s  write/s    rx/s   tx/s
        0.0 s      -  152 MB  101 MB  50.3 MB        -        -       -      -
        1.0 s  187 %  297 MB       -        -  12.0 MB      0 B  1.2 kB  100 B
        """)
    #expect("\(ResourceTable([]))" == "time  CPU  RSS  PSS  private  read/s  write/s  rx/s  tx/s")
  }

  @Test func linesFitIntoATerminal() {
    var sample = samples[1]
    sample.cpuPercent = 9_999
    sample.residentByteCount = 99_900_000
    sample.pssByteCount = 99_900_000
    sample.privateByteCount = 99_900_000
    sample.diskReadBytesPerSecond = 99_900_000
    sample.diskWrittenBytesPerSecond = 99_900_000
    sample.networkReceivedBytesPerSecond = 99_900_000
    sample.networkSentBytesPerSecond = 99_900_000
    for seconds in [0, 999.94, 999.95, 99_999] {
      sample.seconds = seconds
      let lines = "\(ResourceTable([sample]))".split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    }
  }
}
