/// Statistics of stages in the text format that Prometheus reads, version 0.0.4.
///
/// See https://prometheus.io/docs/instrumenting/exposition_formats/. Serve it with `contentType`, or write it to a file
/// that node_exporter's textfile collector looks at; that file is to be replaced in one step, by rename(2).
///
/// Names begin with `headrace_`. Seconds and bytes are the units; each sample has the label `stage`. What only grows is
/// a counter, so that `rate()` gives any share or rate of any interval: `rate(headrace_stage_busy_seconds_total[1m])`
/// is the share of a minute in which a stage was busy. Durations of calls and waits are summaries: their quantiles are
/// over all time, 0.5 only of calls.
public struct PrometheusText: Sendable, CustomStringConvertible {
  /// What an HTTP response says of this text.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The text: of each metric its help, its type, and one line or more for each stage. Ends with a line feed.
  public let description: String

  /// The metrics of these stages.
  ///
  /// - Parameters:
  ///   - stages: their names are to be unique, as they are in a pipeline.
  ///   - waitSeconds: how long the trainer has waited for batches, `headrace_trainer_wait_seconds_total`; nil leaves
  ///     the metric out.
  /// - Complexity: O(stages).
  public init(_ stages: [StageStatistics], waitSeconds: Double? = nil) {
    let labels = stages.map { "stage=\"\(Self.escaped($0.name))\"" }
    var text = ""
    for metric in PrometheusMetric.all {
      text += Self.head(metric.name, metric.help, metric.kind.rawValue)
      for (stage, label) in zip(stages, labels) {
        for sample in metric.samples(stage) {
          let quantile = sample.quantile.map { ",quantile=\"\($0)\"" } ?? ""
          text += "\(metric.name)\(sample.suffix){\(label)\(quantile)} \(Self.number(sample.value))\n"
        }
      }
    }
    if let waitSeconds {
      let name = "headrace_trainer_wait_seconds_total"
      text += Self.head(name, "Time that the trainer waited for batches.", "counter")
      text += "\(name) \(Self.number(waitSeconds))\n"
    }
    description = text
  }

  private static func head(_ name: String, _ help: String, _ type: String) -> String {
    "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  /// A label's value: backslash, quotation mark and line feed have a backslash before them, all else is as it is.
  static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += #"\\"#
      case "\"": text += #"\""#
      case "\n": text += #"\n"#
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// A number as Go's ParseFloat takes it, whole ones without a point.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value) { return "\(whole)" }
    return "\(value)"
  }
}
