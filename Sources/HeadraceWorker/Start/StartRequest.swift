import HeadraceCore
import HeadracePipeline

/// What a loader that another process starts is asked for: the pipeline, by the name of its factory's type and the
/// values in it, and how it is to be run.
struct StartRequest: Codable, Sendable {
  /// How the factory's type is found.
  enum Choice: Codable, Hashable, Sendable {
    /// What the runtime calls it, in a process that was forked from the one that asks.
    case type(String)
    /// The name that a loader program gives it.
    case named(String)
  }

  var choice: Choice
  /// The type, for people.
  var title: String
  /// The factory itself, as JSON.
  var values: String
  var terms: LoaderTerms

  /// - Throws: `invalidArgument` when the type cannot be found by name, or the value not be encoded.
  init<Factory: PipelineFactory>(_ factory: Factory, _ terms: LoaderTerms) throws(HeadraceError) {
    guard let typeName = _mangledTypeName(Factory.self), _typeByName(typeName) == Factory.self else {
      throw HeadraceError(
        .invalidArgument,
        "\(Factory.self) cannot be found by its name, which is how another process knows it: declare it outside of"
          + " functions and not private.")
    }
    choice = .type(typeName)
    title = "\(Factory.self)"
    do {
      values = String(decoding: try JSONText.encode(factory), as: UTF8.self)
    } catch {
      throw HeadraceError(.invalidArgument, "\(Factory.self) cannot be encoded.", cause: "\(error)")
    }
    self.terms = terms
  }

  /// A pipeline of a loader program.
  init(_ command: LoaderCommand, _ terms: LoaderTerms) {
    choice = .named(command.pipeline)
    title = "\"\(command.pipeline)\" of \(command.program)"
    values = command.values
    self.terms = terms
  }

  /// The factory that was asked for.
  ///
  /// - Throws: `invalidArgument` when this process does not know its type, or it cannot be decoded.
  func makeFactory() throws(HeadraceError) -> any PipelineFactory {
    let type = try findType()
    do {
      return try JSONText.decode(type, from: Array(values.utf8))
    } catch let error as HeadraceError {
      throw error
    } catch DecodingError.keyNotFound(let key, let context) {
      let path = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
      throw HeadraceError(
        .invalidArgument,
        "The values for \(title) lack the key \"\(path)\". Give all of its keys: a default value of a property counts"
          + " only where the type has an init(from:) of its own, with decodeIfPresent.")
    } catch {
      throw HeadraceError(
        .invalidArgument, "The values for \(title) could not be decoded in the worker.", cause: "\(error)")
    }
  }

  private func findType() throws(HeadraceError) -> any PipelineFactory.Type {
    switch choice {
    case .type(let name):
      if let type = _typeByName(name) as? any PipelineFactory.Type { return type }
      throw HeadraceError(
        .invalidArgument,
        "The worker does not know the type \(title): it was loaded after Headrace.bootstrap(). Load it before that.")
    case .named(let name):
      if let type = LoaderEntrance.pipelines[name] { return type }
      let names = LoaderEntrance.pipelines.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
      throw HeadraceError(.notFound, "There is no pipeline \(title); it has \(names.isEmpty ? "none" : names).")
    }
  }
}
