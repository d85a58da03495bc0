import HeadraceCore

/// A call of a stage's closure begins or ends. Both come on one thread, unless the closure is `async`.
public struct TaskEvent: Sendable {
  /// What has become of a call.
  public enum Outcome: Sendable {
    /// It has made what it is there for.
    case done
    /// A filter has left the sample out.
    case filtered
    /// A source has no more samples.
    case exhausted
    /// It threw. Whether it is made again, or the sample left out, is up to the stage's policy.
    case failed(any Error)
    /// It threw when it was told to end, since its epoch was over or left: that is no failure, and counts nowhere. Of
    /// stages with an `async` closure.
    case cancelled
  }

  /// What happens.
  public enum Phase: Sendable {
    /// The call follows.
    case began
    /// The call is over, and took so long.
    case ended(Outcome, Duration)
  }

  /// The stage's name.
  public var stage: String
  /// The epoch, from 0.
  public var epoch: Int
  /// The sample's position in the epoch, from 0; of what was made from several samples, that of the first.
  public var position: Int
  /// The sample's name, where it has one.
  public var sample: SampleID?
  /// What happens.
  public var phase: Phase
}

extension TaskEvent: CustomStringConvertible {
  /// One line, such as `decode began epoch 0, position 17 (0017)`, or with what became of the call:
  /// `decode ended epoch 0, position 17 (0017) after 5.1 ms: done`.
  public var description: String {
    let call = "epoch \(HumanUnits.count(epoch)), position \(HumanUnits.count(position))"
    let name = sample.map { " (\($0.key))" } ?? ""
    switch phase {
    case .began: return "\(stage) began \(call)\(name)"
    case .ended(let outcome, let taken):
      return "\(stage) ended \(call)\(name) after \(HumanUnits.seconds(taken / .seconds(1))): \(outcome)"
    }
  }
}

extension TaskEvent.Outcome: CustomStringConvertible {
  /// `done`, `filtered`, `exhausted`, `cancelled`, or `failed: ` and the error.
  public var description: String {
    switch self {
    case .done: "done"
    case .filtered: "filtered"
    case .exhausted: "exhausted"
    case .cancelled: "cancelled"
    case .failed(let error): "failed: \(error)"
    }
  }
}
