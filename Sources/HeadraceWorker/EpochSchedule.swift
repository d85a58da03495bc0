import HeadraceCore
import HeadracePipeline

/// Decides when a worker starts, stops and reports epochs: a pure value, tested without a thread.
///
/// A worker runs ahead: when an epoch is complete it starts the next, so that the first batches of an epoch wait in the
/// ring before they are asked for. After a failure it waits until the next epoch is asked for.
struct EpochSchedule {
  /// What has to be said to the consumer at the end of an epoch.
  enum Message: Hashable {
    case endOfEpoch(Int)
    case failure(HeadraceError, epoch: Int)
  }

  enum Action: Hashable {
    case start(epoch: Int)
    case stopRun
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

  init(epochLimit: Int?) {
    self.epochLimit = epochLimit
  }

  /// Nothing runs and nothing is to be said.
  var isIdle: Bool { isAtRest && message == nil }

  /// The run's outcome is decided.
  mutating func ended(_ outcome: RunOutcome) {
    isRunning = false
    switch outcome {
    case .completed: message = .endOfEpoch(epoch)
    case .failed(let error):
      message = .failure(error, epoch: epoch)
      hasFailed = true
    case .stopped: break
    }
  }

  /// Nothing of the run is left.
  mutating func rested() {
    isAtRest = true
    isStopping = false
  }

  /// The message was published.
  mutating func published() {
    message = nil
  }

  /// What to do now.
  ///
  /// - Parameters:
  ///   - requested: the consumer has no use for earlier epochs.
  ///   - stop: the consumer wants the worker to end.
  mutating func next(requested: Int, stop: Bool) -> Action {
    if stop || requested > epoch, isRunning {
      if isStopping { return .wait }
      isStopping = true
      return .stopRun
    }
    if stop { return isAtRest ? .exit : .wait }
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
    return .start(epoch: following)
  }
}
