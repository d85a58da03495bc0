/// What a route tells its join, in order.
///
/// Outputs of the one and inputs of the other have the same numbers: 0 is for these, and path `i` has
/// `port(ofPath: i)`. Number 0, because that is where samples leave for which `choose` has failed: so failures are
/// counted in order, and against all items.
enum RouteOrder: Sendable, Hashable {
  /// An item was sent along this path. Of an ordered route, its results end with that path's next mark.
  case path(Int)
  /// A mark of an ordered route around this one belongs here.
  case outerMark
  /// Nothing more is routed. Of a route by arrival: each path's next mark says the same.
  case end

  static let port = 0
  static func port(ofPath path: Int) -> Int { path + 1 }
}
