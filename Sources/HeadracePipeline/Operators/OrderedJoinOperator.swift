/// Hands on what comes out of the paths of an ordered route: of each item, in the order in which they were routed, all
/// that its path makes of it.
///
/// It takes from the path that the route named until that path's next mark, then goes on to the next entry. When the
/// route has ended the paths hand on what they have kept until then, one path after the other; unless it ended with an
/// error.
///
/// A path may end early. Then nothing comes of what is sent along it, and its marks count as there. When all have
/// ended, nothing can come any more, whatever is routed: it ends, and so does the route.
struct OrderedJoinOperator: StreamOperator {
  private enum Phase {
    /// Which path is next?
    case order
    /// Until the mark of this path.
    case path(Int)
    /// All that comes, from this path and those behind it.
    case rest(Int)
  }

  private var isOpen: [Bool]
  private var openCount: Int
  private var phase = Phase.order
  private var ready: Item?

  /// - Parameter pathCount: 1 or more.
  init(pathCount: Int) {
    isOpen = Array(repeating: true, count: pathCount)
    openCount = pathCount
  }

  var heldByteCount: Int { ready?.byteCount ?? 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return .emit(item, to: 0) }
    guard openCount > 0 else { return .end }
    switch phase {
    case .order: return .take(.port(RouteOrder.port))
    case .path(let path): return .take(.port(RouteOrder.port(ofPath: path)))
    case .rest(let path):
      // There is one, since not all have ended, and those that it has passed have.
      let path = isOpen[path...].firstIndex(of: true) ?? path
      return .take(.port(RouteOrder.port(ofPath: path)))
    }
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {
    guard port == RouteOrder.port else {
      ready = item
      return
    }
    switch typed(item.value, as: RouteOrder.self) {
    case .path(let path): if isOpen[path] { phase = .path(path) }
    case .outerMark: ready = .mark
    case .end: break
    }
  }

  mutating func receiveMark(from port: Int) {
    if case .path = phase { phase = .order }
  }

  mutating func inputEnded(_ port: Int) {
    guard port != RouteOrder.port else {
      // Part of an epoch, as a profile has it: what the paths have left comes path by path.
      phase = .rest(0)
      return
    }
    isOpen[port - 1] = false
    openCount -= 1
    if case .path = phase { phase = .order }
  }
}
