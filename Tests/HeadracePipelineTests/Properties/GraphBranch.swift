/// What a stage that joins takes beside its input: a source of its own, with stages behind it.
struct GraphBranch: Sendable, Hashable, CustomStringConvertible {
  let origin: GraphOrigin
  let stages: [GraphStage]

  var description: String { ([origin.description] + stages.map(\.description)).joined(separator: " ") }
}
