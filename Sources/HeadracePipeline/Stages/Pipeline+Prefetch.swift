import HeadraceCore

extension Pipeline {
  /// Lets up to `items` samples wait between the stage before and the stage after, or `bytes` of them, whichever is
  /// less.
  ///
  /// Those that the stage before works on come on top, as many as its concurrency. Without it the bound follows from
  /// the time that the two stages take: a few slow samples, or some hundred quick ones.
  ///
  /// - Parameters:
  ///   - items: 1 to 2^24; nil: any number.
  ///   - bytes: of samples whose type tells them (`ByteCountable`), 1 or more. Samples are begun as long as fewer wait,
  ///     so the bound is passed by one for each hand of the stage before at most, or by quick ones that turn out larger
  ///     than all before them.
  public func prefetch(items: Int? = nil, bytes: Int? = nil) -> Pipeline<Element> {
    var output = output
    output.prefetch = Prefetch(items: items, bytes: bytes)
    return Pipeline(output: output, limits: limits)
  }

  /// Lets up to `count` samples wait between the stage before and the stage after; see `prefetch(items:bytes:)`.
  public func prefetch(_ count: Int) -> Pipeline<Element> { prefetch(items: count) }
}
