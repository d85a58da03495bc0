import HeadraceCore

/// What flows between two stages of the model: all of it, in order.
struct ModelStream {
  /// Why a sample was left out, or with what an epoch ended.
  struct Fault: Hashable {
    var stage: String
    /// nil where it is not known: of a source.
    var position: Int?
    var code: HeadraceError.Code
  }

  enum Event {
    case item(position: Int, ModelValue)
    /// Left out by a stage before: in its place, since whoever has seen what comes after it has seen it.
    case skipped(Fault)
    /// In the path of a route: what follows is made of a later sample than what is before it.
    case nextSample
  }

  var events: [Event] = []
  /// What it ends with; nil: the end of the epoch.
  var error: Fault?

  var values: [Int] {
    events.compactMap {
      guard case .item(_, .number(let number)) = $0 else { return nil }
      return number
    }
  }
  var skipped: [Fault] {
    events.compactMap {
      guard case .skipped(let fault) = $0 else { return nil }
      return fault
    }
  }
}
