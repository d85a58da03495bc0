/// Hands on what comes out of the paths of a route in the order in which it comes.
///
/// A mark has been sent along all paths. When it has come out of all of them, the route's word tells what it is: one of
/// an ordered route around this one, to be handed on, or the last. Meanwhile nothing is taken from a path behind its
/// mark. So a mark stands after all that was routed before it, and before all that was routed later.
///
/// Of the paths that owe the mark it waits for the first: the route has sent it along all paths before the one that it
/// came from, and is not held up by any behind the one that it sends it along next. So neither waits for the other.
///
/// A path may end early and owes no mark then. When all have, nothing can come any more, whatever is routed: it ends,
/// and so does the route.
struct ArrivalJoinOperator: StreamOperator {
  private enum PathState {
    case open
    /// Has given the mark that others owe.
    case marked
    case ended
  }

  private var paths: [PathState]
  /// Marks of which the route has told, and which have not come out of all paths.
  private var outerMarkCount = 0
  private var endIsAnnounced = false
  private var routeHasEnded = false
  private var ready: Item?

  /// - Parameter pathCount: 1 or more.
  init(pathCount: Int) {
    paths = Array(repeating: .open, count: pathCount)
  }

  var heldByteCount: Int { ready?.byteCount ?? 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return .emit(item, to: 0) }
    guard paths.contains(.marked) else { return nextBetweenMarks }
    if let path = paths.firstIndex(of: .open) { return .take(.port(RouteOrder.port(ofPath: path))) }
    // The mark has come out of all paths. What is it?
    if outerMarkCount > 0 {
      outerMarkCount -= 1
      reopen()
      return .emit(.mark, to: 0)
    }
    guard endIsAnnounced else { return .take(.port(RouteOrder.port)) }
    reopen()
    return .take(.any)
  }

  /// After all paths the route: it may end with an error, if too large a share of its samples has failed.
  private var nextBetweenMarks: OperatorStep {
    if paths.contains(.open) { return .take(.any) }
    return endIsAnnounced && !routeHasEnded ? .take(.port(RouteOrder.port)) : .end
  }

  private mutating func reopen() {
    for path in paths.indices where paths[path] == .marked { paths[path] = .open }
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {
    guard port == RouteOrder.port else {
      ready = item
      return
    }
    switch typed(item.value, as: RouteOrder.self) {
    case .path: break
    case .outerMark: outerMarkCount += 1
    case .end: endIsAnnounced = true
    }
  }

  mutating func receiveMark(from port: Int) { paths[port - 1] = .marked }

  mutating func inputEnded(_ port: Int) {
    if port == RouteOrder.port { routeHasEnded = true } else { paths[port - 1] = .ended }
  }
}
