import HeadraceCore
import HeadracePipeline
import HeadraceRing

/// Decides when a worker starts, stops and reports epochs: a pure value, tested without a thread.
///
/// A worker runs ahead: when all of an epoch has been read it prepares the next, which gets as far as it can without
/// publishing a batch, and is opened when the end of the one before has been published. So the first batches of an
/// epoch wait in the ring before they are asked for, and no stage stands still between two epochs. After a failure it
/// waits until the next epoch is asked for.
struct EpochSchedule {
  /// What has to be said to the consumer at the end of an epoch.
  enum Message: Hashable {
    case endOfEpoch(Int)
    case failure(HeadraceError, epoch: Int)
  }

  enum Action: Hashable {
    case start(epoch: Int)
    /// Start it, but publish nothing of it yet.
    case prepare(epoch: Int)
    /// Publish what was prepared.
    case open(epoch: Int)
    case stop(epoch: Int)
    /// Publish, then call `published`.
    case publish(Message)
    case exit
    /// Wait for something to happen.
    case wait
  }

  /// Epochs to run in all; nil for no bound.
  let epochLimit: Int?
  /// The epoch that runs, or ran last; -1 before the first.
  private(set) var epoch = -1
  private var isRunning = false
  private var isStopping = false
  private var isAtRest = true
  private var hasFailed = false
  private var message: Message?
  /// The epoch after `epoch`, once it is being prepared.
  private var prepared: Int?
  private var isPreparedStopping = false
  /// The last epoch of which all has been read.
  private var readEpoch = -1

  /// - Parameters:
  ///   - position: where the stream stands that another worker has begun; nil: nothing is out.
  ///   - refusal: why the epoch that it stands in is not gone on with; nil: it is.
  init(epochLimit: Int?, after position: StreamPosition? = nil, refusal: HeadraceError? = nil) {
    self.epochLimit = epochLimit
    guard let position else { return }
    if let refusal {
      epoch = position.epoch
      hasFailed = true
      message = .failure(refusal, epoch: epoch)
      return
    }
    epoch = position.nextEpoch - 1
    hasFailed = position.hasFailed
  }

  /// Nothing runs and nothing is to be said; the next epoch may wait, prepared, to be asked for.
  var isIdle: Bool { isAtRest && message == nil }

  /// All of an epoch has been read.
  mutating func read(_ epoch: Int) {
    readEpoch = max(readEpoch, epoch)
  }

  /// The outcome of an epoch is decided.
  mutating func ended(_ ended: Int, _ outcome: RunOutcome) {
    guard ended == epoch else { return }
    isRunning = false
    switch outcome {
    case .completed: message = .endOfEpoch(epoch)
    case .failed(let error):
      message = .failure(error, epoch: epoch)
      hasFailed = true
    case .stopped: break
    }
  }

  /// Nothing of an epoch is left.
  mutating func rested(_ rested: Int) {
    if rested == epoch {
      isAtRest = true
      isStopping = false
    } else if rested == prepared {
      prepared = nil
      isPreparedStopping = false
    }
  }

  /// The message was published.
  mutating func published() {
    message = nil
  }

  /// What to do now.
  ///
  /// - Parameters:
  ///   - requested: no reader has any use for earlier epochs; nil: none has said.
  ///   - stop: the consumer wants the worker to end.
  mutating func next(requested: Int?, stop: Bool) -> Action {
    // Who has told of a failure is gone, and those that came since do not know of it.
    let requested = requested ?? (hasFailed && message == nil ? epoch + 1 : 0)
    if stop || requested > epoch, isRunning, !isStopping {
      isStopping = true
      return .stop(epoch: epoch)
    }
    if let prepared, stop || requested > prepared, !isPreparedStopping {
      isPreparedStopping = true
      return .stop(epoch: prepared)
    }
    if isStopping || isPreparedStopping { return .wait }
    if stop { return isAtRest ? .exit : .wait }
    if mayPrepare, requested <= epoch + 1 {
      prepared = epoch + 1
      return .prepare(epoch: epoch + 1)
    }
    if let message {
      // Nobody waits for the end of an epoch that was given up.
      if requested <= epoch { return .publish(message) }
      self.message = nil
    }
    guard isAtRest else { return .wait }
    let following = max(epoch + 1, requested)
    if let epochLimit, following >= epochLimit { return .wait }
    if hasFailed && requested <= epoch { return .wait }
    epoch = following
    isRunning = true
    isAtRest = false
    hasFailed = false
    guard prepared == nil else {
      prepared = nil
      return .open(epoch: following)
    }
    return .start(epoch: following)
  }

  private var mayPrepare: Bool {
    prepared == nil && !isAtRest && !isStopping && !hasFailed && readEpoch == epoch
      && epochLimit.map { epoch + 1 < $0 } ?? true
  }
}
