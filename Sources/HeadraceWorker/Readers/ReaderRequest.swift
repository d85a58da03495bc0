import HeadraceRing

/// What a process says that wants to read.
struct ReaderRequest: Codable, Sendable {
  /// The layout of rings that it knows.
  var version = RingLayout.version
  /// The place that it wants; nil: any.
  var place: Int?
}
