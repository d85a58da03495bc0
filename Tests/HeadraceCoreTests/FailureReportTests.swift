import HeadraceCore
import Testing

@Suite struct FailureReportTests {
  private func failure(_ position: Int) -> SampleFailure {
    SampleFailure(
      epoch: 1, position: position, error: HeadraceError(.stageFailed, "Cut.", stage: "decode", cause: "zlib"))
  }

  @Test func aReportHasALineForEachSampleThatItNames() {
    #expect("\(FailureReport())" == "no sample was left out")
    #expect("\(FailureReport(count: 3))" == "3 samples were left out")
    #expect(
      "\(FailureReport(count: 1, newest: [failure(7)]))" == """
        1 sample was left out:
        epoch 1, position 7: Cut. [stage: decode] [cause: zlib]
        """)
    #expect(
      "\(FailureReport(count: 1_234, newest: [failure(7), failure(1_008)]))" == """
        1,234 samples were left out; the last 2 of them:
        epoch 1, position 7: Cut. [stage: decode] [cause: zlib]
        epoch 1, position 1,008: Cut. [stage: decode] [cause: zlib]
        """)
  }
}
