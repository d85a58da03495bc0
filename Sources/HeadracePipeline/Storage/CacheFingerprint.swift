/// The text by which a cache on disk knows its pipeline: see docs/formats/cache.md.
///
/// Of each stage it has what decides which samples come out, and in which order: kind, name, what it was told, and
/// where it takes from if that is not the stage before it. Names are in quotation marks, so that no two lists have one
/// text. Not how it does that: concurrency, limits, what becomes of failures.
struct CacheFingerprint {
  /// What of a stage is longer is cut, and ends in its checksum.
  private static let longestDetails = 1_000

  /// The text.
  let text: String

  /// - Parameters:
  ///   - element: the type of the samples, since numbers of two types can have the same bytes.
  ///   - version: what the user says of all that cannot be looked at.
  init(of output: StageOutput, element: Any.Type, version: String) {
    let graph = PipelineGraph(output)
    var parts = graph.stages.indices.map { Self.text(of: $0, in: graph) }
    parts.append("of \(Self.name(of: element))")
    if !version.isEmpty { parts.append("version \(String(reflecting: version))") }
    text = parts.joined(separator: ", ")
  }

  /// The name of a type with its module and the types that it is in.
  ///
  /// A private type has an address of its file's or its function's in it, which is another in each run: that is left
  /// out.
  static func name(of type: Any.Type) -> String {
    String(reflecting: type).replacing(/\(unknown context at \$[0-9a-f]+\)\./, with: "")
  }

  private static func text(of index: Int, in graph: PipelineGraph) -> String {
    let stage = graph.stages[index].description
    let details = graph.stages[index].fingerprint?() ?? stage.details
    var words = [stage.kind.rawValue, String(reflecting: stage.name)]
    if !details.isEmpty { words.append(shortened(details)) }
    if stage.ordering == .completion { words.append("by completion") }
    let inputs = graph.edges.filter { $0.consumer == index }
    if !inputs.isEmpty, inputs.map(\.producer) != [index - 1] || inputs[0].port > 0 {
      words.append("from " + inputs.map { "\($0.producer).\($0.port)" }.joined(separator: " "))
    }
    return words.joined(separator: " ")
  }

  private static func shortened(_ details: String) -> String {
    guard details.utf8.count > longestDetails else { return details }
    let checksum = String(XXH64.checksum(Array(details.utf8).span), radix: 16)
    return "\(details.prefix(200))... (\(details.utf8.count) bytes, \(checksum))"
  }
}
