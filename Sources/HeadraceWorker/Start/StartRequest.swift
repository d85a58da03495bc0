import HeadraceCore
import HeadracePipeline

/// What a loader that another process starts is asked for: the pipeline, by the name of its factory's type and the
/// values in it, and how it is to be run.
struct StartRequest: Codable, Sendable {
  /// What the runtime calls the factory's type.
  var typeName: String
  /// The type, for people.
  var title: String
  /// The factory itself, as JSON.
  var values: String
  /// Threads that the stages share, and processes that have them.
  var size: LoaderSize
  var epochs: Int?
  var isolation: Isolation
  var restarts: Int
  /// Where relative paths begin.
  var directory: String
  /// Who reads beside the process that asks; their socket comes along.
  var readers: Readers?

  /// - Throws: `invalidArgument` when the type cannot be found by name, or the value not be encoded.
  init<Factory: PipelineFactory>(
    _ factory: Factory, size: LoaderSize, epochs: Int?, isolation: Isolation, restarts: Int, directory: String,
    readers: Readers? = nil
  ) throws(HeadraceError) {
    guard let typeName = _mangledTypeName(Factory.self), _typeByName(typeName) == Factory.self else {
      throw HeadraceError(
        .invalidArgument,
        "\(Factory.self) cannot be found by its name, which is how another process knows it: declare it outside of functions"
          + " and not private.")
    }
    self.typeName = typeName
    title = "\(Factory.self)"
    do {
      values = String(decoding: try JSONText.encode(factory), as: UTF8.self)
    } catch {
      throw HeadraceError(.invalidArgument, "\(Factory.self) cannot be encoded.", cause: "\(error)")
    }
    self.size = size
    self.epochs = epochs
    self.isolation = isolation
    self.restarts = restarts
    self.directory = directory
    self.readers = readers
  }

  /// The factory that was asked for.
  ///
  /// - Throws: `invalidArgument` when this process does not know its type, or it cannot be decoded.
  func makeFactory() throws(HeadraceError) -> any PipelineFactory {
    guard let type = _typeByName(typeName) as? any PipelineFactory.Type else {
      throw HeadraceError(
        .invalidArgument,
        "The worker does not know the type \(title): it was loaded after Headrace.bootstrap(). Load it before that.")
    }
    do {
      return try JSONText.decode(type, from: Array(values.utf8))
    } catch {
      throw HeadraceError(.invalidArgument, "\(title) could not be decoded in the worker.", cause: "\(error)")
    }
  }
}
