import HeadraceCore
import HeadraceSystem

/// A program that loads data, and the pipeline that it is asked for: for `runPipelineInSubprocess`.
///
/// ```swift
/// let command = LoaderCommand("headrace", pipeline: "images", values: ##"{"source": ["train"], "batch": 64}"##)
/// var batches = try runPipelineInSubprocess(command, threads: 4)
/// ```
///
/// The program is a `LoaderProgram`, or the `headrace` command, whose pipeline `images` is what `headrace run` does
/// with the same options.
public struct LoaderCommand: Sendable, Hashable {
  /// Its path, or a name that PATH leads to.
  public var program: String
  /// What comes before Headrace's own argument; for `python3 loader.py` the script.
  public var arguments: [String]
  /// Name of the pipeline in the program.
  public var pipeline: String
  /// What the pipeline's factory is made of, as JSON: all keys that its `init(from:)` needs. That of Swift's own making
  /// needs those of properties with a default value too.
  public var values: String

  /// - Parameters:
  ///   - program: its path, or a name that PATH leads to.
  ///   - pipeline: one of those that the program has.
  ///   - values: the factory's, as JSON.
  public init(_ program: String, arguments: [String] = [], pipeline: String, values: String = "{}") {
    self.program = program
    self.arguments = arguments
    self.pipeline = pipeline
    self.values = values
  }

  /// With values that this program has as a type.
  ///
  /// - Throws: `invalidArgument` when they cannot be encoded.
  public init(_ program: String, pipeline: String, values: some Encodable) throws(HeadraceError) {
    do {
      self.init(program, pipeline: pipeline, values: String(decoding: try JSONText.encode(values), as: UTF8.self))
    } catch {
      throw HeadraceError(
        .invalidArgument, "The values for pipeline \"\(pipeline)\" cannot be encoded.", cause: "\(error)")
    }
  }

  /// Starts the program and tells it what to do.
  ///
  /// - Throws: `notFound`; `systemCall`.
  func start(_ request: [UInt8], _ descriptors: [Int32]) throws(HeadraceError) -> StartedProcess {
    do throws(Errno) {
      var ends = try MessageSocket.Pair()
      let child = try ChildProcess(
        spawning: program, arguments + [LoaderEntrance.argument], descriptor: ends.farNumber)
      ends.closeFar()
      do throws(Errno) {
        try ends.send(request, descriptors)
      } catch {
        // One that has ended already, or closed the socket, is told by that it does not answer.
        guard error.isEndOfPeer else { throw error }
      }
      return StartedProcess(child)
    } catch {
      guard error.isMissingFile else {
        throw HeadraceError(.systemCall, "The loader program \(program) could not be started.", cause: "\(error)")
      }
      throw HeadraceError(
        .notFound, "There is no loader program \(program); give its path, or a name that PATH leads to.",
        cause: "\(error)")
    }
  }
}
