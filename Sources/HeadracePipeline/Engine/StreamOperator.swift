import HeadraceCore

/// A stage that goes through its input in order, on one lane at a time: a pure state machine, tested without a thread.
///
/// `OperatorNode` runs it: asks `next` what to do, does it, and asks again. An operator holds what it likes, and hands
/// on one item at a time, so that it never makes more than there is room for.
///
///     next → .take(.any)      receive(a, from: 0)
///     next → .emit(a, to: 0)
///     next → .take(.any)      inputEnded(0)
///     next → .end
///
/// Marks (`Item.isMark`) never reach `receive`: see `receiveMark`.
protocol StreamOperator: Sendable {
  /// Whether `receive` or `next` calls a closure of the user's, which may take its time: then what was made before is
  /// handed on first.
  static var callsOut: Bool { get }

  /// Bytes of the items that it has received, and not handed on or dropped yet: they are in flight.
  ///
  /// - Complexity: O(1).
  var heldByteCount: Int { get }

  /// Samples that it holds and will not hand on, once it has said that nothing follows.
  var droppedCount: Int { get }

  /// What to do next. Called again after each answer has been carried out.
  ///
  /// - Parameter now: nanoseconds of the engine's clock, for those that wait for a time.
  mutating func next(now: UInt64) -> OperatorStep

  /// An item has come from an input that `next` asked for. If it throws, that item has failed in this stage.
  mutating func receive(_ item: Item, from port: Int, now: UInt64) throws

  /// A mark has come: all results of one sample are before it. To be handed on in its place: after what was received
  /// before it and is ready to leave, before what is received later.
  mutating func receiveMark(from port: Int)

  /// An input has ended: it has no more items. Comes once for each input, if `next` goes on asking for it.
  mutating func inputEnded(_ port: Int)
}

extension StreamOperator {
  static var callsOut: Bool { false }
  var droppedCount: Int { 0 }
}

/// What an operator wants done.
enum OperatorStep: Sendable {
  /// Hand an item, or a mark, on through an output.
  case emit(Item, to: Int)
  /// A sample failed that was received earlier; counted against the stage's policy like one that `receive` throws for.
  case fail(SampleFailure)
  /// Take an item; with a time, only until then: after that `next` is called without one.
  case take(OperatorInput, until: UInt64? = nil)
  /// Nothing follows. Inputs that have not ended are told that nobody wants more.
  case end
}

/// Which input to take from.
enum OperatorInput: Sendable, Hashable {
  /// This one, though others may have something.
  case port(Int)
  /// Whichever has something first; those that have ended are left out.
  case any
}
