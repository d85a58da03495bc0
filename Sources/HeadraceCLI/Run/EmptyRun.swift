import Headrace

/// A run that delivered nothing, though nothing ended it: it would look like success, and has trained nothing.
struct EmptyRun: Error, CustomStringConvertible {
  /// Why nothing came, and the remedy.
  let description: String

  /// nil if there was a sample.
  init?(_ report: RunReport, _ options: RunOptions) {
    guard report.samples == 0 else { return nil }
    description = "no sample was delivered" + Self.reason(report, options)
  }

  private static func reason(_ report: RunReport, _ options: RunOptions) -> String {
    if let dropped = report.samplesDropped, dropped > 0 {
      let perEpoch = dropped / max(1, report.epochs)
      let isLimited = perEpoch == options.limit
      return
        ": --partial drop leaves out what is short of a batch of \(HumanUnits.count(options.batch)), and an epoch has"
        + " \(HumanUnits.count(perEpoch, "sample"))\(isLimited ? ", as --limit says" : ""); lower --batch,"
        + "\(isLimited ? " raise --limit," : "") or use --partial emit"
    }
    if report.failureCount > 0 {
      let count = HumanUnits.count(report.failureCount, "bad sample was", plural: "bad samples were")
      return ": \(count) left out, and there was no other; mend the data, or lower --max-failures to end at the first"
    }
    return "; look into --source with 'headrace inspect'"
  }
}
