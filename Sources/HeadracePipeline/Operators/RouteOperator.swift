import HeadraceCore

/// Sends each item along one of several paths, and tells the join.
///
/// Values never close, marks do: a path may drop an item, multiply it or keep it for later, so nobody behind it can
/// count. Of an ordered route each item is followed by a mark, which every stage hands on in its place, and which tells
/// the join that the item's results are through.
///
///     in: a b                    out 0:   path(1)      path(0)      end
///     choose: a → 1, b → 0       path 0:                       b |
///                                path 1:          a |
///
/// What the join is told leaves before the item. Then every queue may be as short as 1: the join knows of whatever the
/// router waits for room for, so it takes from that path as soon as all before is through. In another order the join
/// could wait for an entry that waits behind a full path.
///
/// Where the route lies in a path of an ordered one, marks come in from outside. An ordered route tells the join where
/// they belong. A route by arrival, whose paths do not wait for each other, sends each along all of them, and one more
/// at the end: a path that ends without it has ended early.
struct RouteOperator: StreamOperator {
  static var callsOut: Bool { true }

  /// What leaves next.
  private enum Departure {
    case none
    case order(RouteOrder, Item)
    case item(Item, path: Int)
    case mark(path: Int)
    /// A mark for this path and those behind it.
    case marks(from: Int)
  }

  private let pathCount: Int
  private let isOrdered: Bool
  private let choose: @Sendable (AnySample) throws -> Int
  private var departure = Departure.none
  private var inputHasEnded = false

  /// - Parameters:
  ///   - pathCount: 1 or more.
  ///   - ordering: `.input`: for an `OrderedJoinOperator`; `.completion`: for an `ArrivalJoinOperator`.
  ///   - choose: the path of a sample, from 0. If it throws, the sample has failed.
  init(pathCount: Int, ordering: Ordering, choose: @escaping @Sendable (AnySample) throws -> Int) {
    precondition(pathCount > 0, "a route with \(pathCount) paths")
    self.pathCount = pathCount
    isOrdered = ordering == .input
    self.choose = choose
  }

  var heldByteCount: Int {
    switch departure {
    case .order(_, let item), .item(let item, _): item.byteCount
    case .none, .mark, .marks: 0
    }
  }

  mutating func next(now: UInt64) -> OperatorStep {
    switch departure {
    case .none: return inputHasEnded ? .end : .take(.any)
    case .order(let order, let item):
      departure = following(order, item)
      return .emit(.word(order), to: RouteOrder.port)
    case .item(let item, let path):
      departure = isOrdered ? .mark(path: path) : .none
      return .emit(item, to: RouteOrder.port(ofPath: path))
    case .mark(let path):
      departure = .none
      return .emit(.mark, to: RouteOrder.port(ofPath: path))
    case .marks(let path):
      departure = path + 1 < pathCount ? .marks(from: path + 1) : .none
      return .emit(.mark, to: RouteOrder.port(ofPath: path))
    }
  }

  private func following(_ order: RouteOrder, _ item: Item) -> Departure {
    switch order {
    case .path(let path): .item(item, path: path)
    case .outerMark, .end: isOrdered ? .none : .marks(from: 0)
    }
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) throws {
    let path = try choose(item.value)
    precondition((0..<pathCount).contains(path), "path \(path) of \(pathCount)")
    departure = .order(.path(path), item)
  }

  mutating func receiveMark(from port: Int) { departure = .order(.outerMark, Self.noItem) }

  mutating func inputEnded(_ port: Int) {
    inputHasEnded = true
    departure = .order(.end, Self.noItem)
  }

  private static let noItem = Item(position: 0, label: nil, value: 0)
}
