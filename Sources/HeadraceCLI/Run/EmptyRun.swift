import Headrace

/// A run that went well and delivered nothing, which looks like success and trains nothing.
enum EmptyRun {
  /// Why nothing came, and the remedy; nil if there was a sample.
  static func warning(_ report: RunReport, _ options: RunOptions) -> String? {
    guard report.samples == 0 else { return nil }
    if let dropped = report.samplesDropped, dropped > 0 {
      let perEpoch = HumanUnits.count(dropped / max(1, report.epochs), "sample")
      return "no sample was delivered: --partial drop leaves out what is short of a batch of"
        + " \(HumanUnits.count(options.batch)), and an epoch has \(perEpoch); lower --batch, or use --partial emit"
    }
    if report.failureCount > 0 {
      let count = HumanUnits.count(report.failureCount, "bad sample was", plural: "bad samples were")
      return
        "no sample was delivered: \(count) left out, and there was no other; mend the data, or lower --max-failures"
        + " to end at the first"
    }
    return "no sample was delivered; look into --source with 'headrace inspect'"
  }
}
