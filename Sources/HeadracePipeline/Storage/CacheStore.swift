import HeadraceCore

/// What a cache keeps its samples in: one for each run and cache stage. Used by one thread at a time.
protocol CacheStore: AnyObject, Sendable {
  /// A way to go through all that is kept; nil if there is not yet all of an epoch.
  ///
  /// - Throws: what is wrong with what was kept by an earlier run.
  func open() throws(HeadraceError) -> (() throws(HeadraceError) -> Item?)?

  /// Keeps an item. Returns false once it cannot keep them all, for good.
  func append(_ item: Item) -> Bool

  /// All of an epoch has been appended. Returns whether it is kept: if not, nothing is.
  func finish() -> Bool

  /// Not all of an epoch will be appended: what was is forgotten.
  func abandon()
}
