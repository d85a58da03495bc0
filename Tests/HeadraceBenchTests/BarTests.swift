import Testing

@testable import headrace_bench

/// What is to be reached, for people.
@Suite struct BarTests {
  @Test func missedBarHasTheLoadBesideIt() {
    let bar = Bar(claim: "at least 3", value: "2", isMet: false)
    #expect(bar.text(load: 7.25, cores: 2) == "MISSED at least 3: 2 (load average 7.3 on 2 cores, this bench included)")
    #expect(bar.text(load: nil, cores: 2) == "MISSED at least 3: 2")
  }

  @Test func metBarSaysNoMore() {
    #expect(Bar(claim: "at least 3", value: "4", isMet: true).text(load: 7.25, cores: 2) == "met at least 3: 4")
  }

  @Test func loadIsWhatTheKernelTells() throws {
    #expect(try #require(Machine.loadAverage) >= 0)
  }
}
