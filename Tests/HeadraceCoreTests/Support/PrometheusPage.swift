/// A page in the text exposition format 0.0.4, parsed character by character as its specification says: an error for
/// whatever it does not allow, also for metrics that are scattered, and for a type that comes too late.
struct PrometheusPage {
  struct Sample: Equatable {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  struct Malformed: Error {
    let line: String
    let what: String
  }

  private(set) var samples: [Sample] = []
  private(set) var types: [String: String] = [:]
  private(set) var helps: [String: String] = [:]

  init(_ text: String) throws {
    // Scalars: a carriage return and a line feed are one Character.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast()?.isEmpty == true else { throw Malformed(line: "", what: "the last line has no line feed") }
    var seen: Set<String> = []
    var current: String?
    var series: Set<String> = []
    for scalars in lines where !scalars.isEmpty {
      let line = String(scalars)
      if scalars.first == "#" {
        let words = scalars.split(separator: " ", maxSplits: 3).map { String($0) }
        guard words.count == 4, words[0] == "#" else { throw Malformed(line: line, what: "a comment of no kind") }
        switch words[1] {
        case "HELP":
          guard helps.updateValue(words[3], forKey: words[2]) == nil else {
            throw Malformed(line: line, what: "a second HELP")
          }
        case "TYPE":
          guard ["counter", "gauge", "histogram", "summary", "untyped"].contains(words[3]) else {
            throw Malformed(line: line, what: "no type")
          }
          guard !seen.contains(words[2]), types.updateValue(words[3], forKey: words[2]) == nil else {
            throw Malformed(line: line, what: "a type behind a sample, or a second one")
          }
        default: throw Malformed(line: line, what: "a comment of no kind")
        }
        continue
      }
      var parser = LineParser(rest: scalars[...], line: line)
      let sample = try parser.sample()
      let metric = try metric(of: sample, line: line)
      if metric != current {
        guard seen.insert(metric).inserted else { throw Malformed(line: line, what: "the metric stood before") }
        current = metric
      }
      guard series.insert("\(sample.name) \(sample.labels.sorted { $0.key < $1.key })").inserted else {
        throw Malformed(line: line, what: "the same series twice")
      }
      samples.append(sample)
    }
  }

  /// The metric that a sample belongs to; those of a summary have endings.
  private func metric(of sample: Sample, line: String) throws -> String {
    for ending in ["_sum", "_count"] where sample.name.hasSuffix(ending) {
      let name = String(sample.name.dropLast(ending.count))
      if types[name] == "summary" { return name }
    }
    guard let type = types[sample.name] else { throw Malformed(line: line, what: "no TYPE before it") }
    guard (type == "summary") == (sample.labels["quantile"] != nil) else {
      throw Malformed(line: line, what: "a quantile that is none of a summary")
    }
    return sample.name
  }

  private struct LineParser {
    var rest: String.UnicodeScalarView.SubSequence
    let line: String

    mutating func sample() throws -> Sample {
      let name = try name()
      var labels: [String: String] = [:]
      if take("{") {
        while !take("}") {
          let label = try self.name()
          guard take("="), take("\"") else { throw Malformed(line: line, what: "a label without a value") }
          guard labels.updateValue(try quoted(), forKey: label) == nil else {
            throw Malformed(line: line, what: "a label twice")
          }
          if !take(","), rest.first != "}" { throw Malformed(line: line, what: "no comma between labels") }
        }
      }
      guard take(" ") else { throw Malformed(line: line, what: "no space before the value") }
      let text = String(rest)
      guard !text.contains(" ") else { throw Malformed(line: line, what: "more than a value") }
      let special: [String: Double] = ["NaN": .nan, "+Inf": .infinity, "-Inf": -.infinity]
      guard let value = special[text] ?? Double(text) else { throw Malformed(line: line, what: "no number") }
      return Sample(name: name, labels: labels, value: value)
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard rest.first == scalar else { return false }
      rest.removeFirst()
      return true
    }

    private mutating func name() throws -> String {
      let word = rest.prefix {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || $0 == "_" || ("0"..."9").contains($0)
      }
      guard let first = word.first, !("0"..."9").contains(first) else { throw Malformed(line: line, what: "no name") }
      rest.removeFirst(word.count)
      return String(word)
    }

    private mutating func quoted() throws -> String {
      var value = String.UnicodeScalarView()
      while let scalar = rest.popFirst() {
        switch scalar {
        case "\"": return String(value)
        case "\\":
          switch rest.popFirst() {
          case "\\"?: value.append("\\")
          case "\""?: value.append("\"")
          case "n"?: value.append("\n")
          default: throw Malformed(line: line, what: "an escape that is none")
          }
        default: value.append(scalar)
        }
      }
      throw Malformed(line: line, what: "a value without an end")
    }
  }
}
