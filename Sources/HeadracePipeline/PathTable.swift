import HeadraceCore

/// The names of a route's paths.
struct PathTable: Sendable {
  let names: [String]
  private let indices: [String: Int]

  init(_ names: [String]) {
    self.names = names
    indices = Dictionary(zip(names, names.indices)) { first, _ in first }
  }

  /// - Throws: that there is no such path, naming those that there are.
  func index(of name: String, in stage: String) throws(HeadraceError) -> Int {
    if let index = indices[name] { return index }
    throw HeadraceError(
      .stageFailed,
      "Stage \"\(stage)\" has no path \"\(name)\"; it has \(list). Choose one of them for this sample, or add the path."
    )
  }

  private var list: String { names.map { "\"\($0)\"" }.joined(separator: ", ") }

  /// What is wrong with the paths, as a sentence; nil if nothing is.
  ///
  /// - Parameter unused: of each path, whether nothing takes what is sent along it.
  func mistake(unused: [Bool]) -> String? {
    if names.isEmpty { return "The route has no paths; give one or more." }
    if let twice = names.enumerated().first(where: { indices[$0.element] != $0.offset })?.element {
      return "Two paths are named \"\(twice)\"; give each a name of its own."
    }
    if let path = unused.firstIndex(of: true) {
      return
        "Path \"\(names[path])\" does not go on with the pipeline that its closure is given, so what is sent along it"
        + " would go nowhere; begin the path with that pipeline."
    }
    return nil
  }
}
