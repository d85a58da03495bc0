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
  /// How long a call in the pool may take whose stage has no time limit, in nanoseconds; nil: for ever.
  var callLimit: UInt64?
  /// How many threads it is to have; nil: as many as were asked for.
  var threads: Int?
  /// What lets its threads rank higher; nil: they rank as its process.
  var ranks: RankKeeper?
  /// Where its log goes.
  var log = LoaderLog.processOutlet
}
