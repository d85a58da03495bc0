/// What a call of a stage does, one after the other: wait for a lock and hold it, sleep as one does who waits for a
/// disk or a network, and use a core.
struct SimulatedStage {
  var name: String
  /// Seconds under a lock that all calls of the stage share; or the time on a disk that serves one request at a time.
  var lockSeconds = 0.0
  var sleepSeconds = 0.0
  var cpuSeconds = 0.0
  /// The share of results that are handed on.
  var keep = 1.0
  /// Whether results leave in the order in which samples came.
  var isOrdered = true
  var byteCount = 1000
  var start = 1
  var maximum = 64

  /// Seconds of a call that competes with no other.
  var seconds: Double { lockSeconds + sleepSeconds + cpuSeconds }
}
