import HeadraceCore
import HeadraceRing
import HeadraceSystem
import HeadraceWorker

/// Replays cached batches after a while, so that a training loop shows how fast it would be if loading were free.
///
/// The first `numCaches` batches are copied as they pass. After `returnCachesAfter` batches the worker is stopped, and
/// the copies are returned in turn, over and over: neither waiting nor the loader's use of the CPU slows the loop any
/// more. What remains is the loop's own time; the difference is the headspace.
///
/// ```swift
/// var cached = try CacheLoader(batches, numCaches: 10, returnCachesAfter: 100, stopAfter: 300)
/// while let batch = try cached.next() { step(batch) }
/// if let report = cached.headspaceReport() { print(report) }
/// ```
///
/// The names and the semantics are those of SPDL's `CacheDataLoader`. A run that replays batches is no longer a valid
/// training run: it measures time.
public struct CacheLoader: ~Copyable {
  private var live: Batches?
  private let numCaches: Int
  private let returnCachesAfter: Int
  private let stopAfter: Int?
  private var caches: [BatchCopy] = []
  private var returnedCount = 0
  private var replayIndex = 0
  private var clock = StepClock()
  private var lastStatistics: [StageStatistics] = []

  /// Takes the loader over: the first `returnCachesAfter` batches come from it, all others from memory.
  ///
  /// - Parameters:
  ///   - batches: the loader; stopped when the replay starts.
  ///   - numCaches: batches to keep; each takes the memory of one batch.
  ///   - returnCachesAfter: batches to take from the loader before the replay starts; nil: `numCaches`.
  ///   - stopAfter: batches to return in all, and then nil; nil: replay without end.
  /// - Throws: `invalidArgument`, naming the value.
  public init(
    _ batches: consuming Batches, numCaches: Int, returnCachesAfter: Int? = nil, stopAfter: Int? = nil
  ) throws(HeadraceError) {
    guard numCaches >= 1 else {
      throw HeadraceError(.invalidArgument, "numCaches is \(numCaches); at least one batch has to be cached.")
    }
    let after = returnCachesAfter ?? numCaches
    guard after >= numCaches else {
      throw HeadraceError(
        .invalidArgument,
        "returnCachesAfter is \(after), less than numCaches, \(numCaches); the caches are filled on the way to it.")
    }
    if let stopAfter, stopAfter < 1 {
      throw HeadraceError(.invalidArgument, "stopAfter is \(stopAfter); it must be at least 1, or nil.")
    }
    live = consume batches
    self.numCaches = numCaches
    self.returnCachesAfter = after
    self.stopAfter = stopAfter
  }

  /// Whether batches come from the caches by now.
  public var isReplaying: Bool { live == nil }

  /// The next batch: the loader's at first, with nil at the end of each epoch as from `Batches.next`, then the caches'.
  ///
  /// If the loader has no further epoch before `returnCachesAfter`, the replay starts there. Nil for ever after
  /// `stopAfter` batches, and when there was nothing to cache.
  ///
  /// - Throws: What `Batches.next` throws.
  public mutating func next(timeout: Duration? = nil) throws(HeadraceError) -> Batch? {
    clock.stepEnds(at: MonotonicClock.now, isReplay: live == nil)
    if let stopAfter, returnedCount >= stopAfter { return nil }
    if returnedCount >= returnCachesAfter { startReplay() }
    if live != nil {
      if let batch = try nextLive(timeout) { return batch }
      // The end of an epoch; the end of the last epoch, when no other follows.
      if live?.hasFurtherEpoch != false { return nil }
      startReplay()
    }
    guard !caches.isEmpty else { return nil }
    let batch = Batch(caches[replayIndex % caches.count])
    replayIndex += 1
    returnedCount += 1
    clock.stepBegins(at: MonotonicClock.now)
    return batch
  }

  /// How the loop's time with the loader compares with its time without; nil until enough of both has been seen.
  ///
  /// Enough is five steps each, after the first few, which a full ring or a cold cache would distort.
  ///
  /// - Complexity: O(1000 x steps), for the interval.
  public func headspaceReport() -> HeadspaceReport? {
    HeadspaceReport(liveSteps: clock.steadyLiveSeconds, cachedSteps: clock.steadyReplaySeconds)
  }

  /// The statistics of the loader's stages, until it was stopped.
  public func statistics() -> [StageStatistics] {
    live?.statistics() ?? lastStatistics
  }

  private mutating func nextLive(_ timeout: Duration?) throws(HeadraceError) -> Batch? {
    let asked = MonotonicClock.now
    guard let batch = try live?.next(timeout: timeout) else {
      clock.pause()
      return nil
    }
    clock.waited(MonotonicClock.now - asked)
    if caches.count < numCaches { caches.append(try BatchCopy(batch)) }
    returnedCount += 1
    clock.stepBegins(at: MonotonicClock.now)
    return batch
  }

  private mutating func startReplay() {
    guard live != nil else { return }
    lastStatistics = live?.statistics() ?? []
    clock.replayStarts(ringDepth: live?.ring.geometry.slotCount ?? 0)
    live = nil
  }
}
