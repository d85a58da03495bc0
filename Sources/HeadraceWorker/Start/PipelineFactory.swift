import HeadraceCore
import HeadracePipeline

/// A pipeline that another process can make: a type that knows how, and the values that it is to be made with.
///
/// ```swift
/// struct Digits: PipelineFactory {
///   var shard: String
///   var batchSize = 64
///
///   func makePipeline() throws -> BatchPipeline {
///     Pipeline(from: try ShardSource(shard)).batch(...) { ... }
///   }
/// }
/// ```
///
/// A closure has no form outside the process that made it; such a value does. It crosses as JSON, so what it holds
/// should be small: paths and numbers rather than data.
public protocol PipelineFactory: Codable, Sendable {
  /// Makes the pipeline. After `bootstrap` it is called in the worker's process, once for each worker: what it makes
  /// must depend on the values alone, since a worker that takes the place of another goes on where that one was.
  /// Without, and with `.sameProcess`, it is called once in this process.
  func makePipeline() throws -> BatchPipeline

  /// What is called around stages and tasks, in the worker; nothing unless the type says otherwise.
  var hooks: RunHooks { get }

  /// When statistics are reported in the worker, and to whom; to nobody unless the type says otherwise.
  var reporting: StatisticsReporting? { get }
}

extension PipelineFactory {
  /// None.
  public var hooks: RunHooks { RunHooks() }
  /// Nobody.
  public var reporting: StatisticsReporting? { nil }

  /// - Throws: `invalidPipeline`, with what `makePipeline` threw as its cause unless that is an error of Headrace's
  ///   itself.
  func makeCheckedPipeline() throws(HeadraceError) -> BatchPipeline {
    do {
      return try makePipeline()
    } catch let error as HeadraceError {
      throw error
    } catch {
      throw HeadraceError(.invalidPipeline, "\(Self.self).makePipeline() has failed.", cause: "\(error)")
    }
  }
}
