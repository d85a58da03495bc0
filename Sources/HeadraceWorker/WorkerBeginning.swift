import HeadracePipeline
import HeadraceRing

/// What a worker finds as it begins.
struct WorkerBeginning {
  /// Where another worker has left the stream; nil: nothing is out.
  var position: StreamPosition?
  /// The processes that call the stages' closures; nil: the worker does.
  var pool: PoolMemory?
  /// Samples that were at work when workers died.
  var suspects: [Suspect] = []
}
