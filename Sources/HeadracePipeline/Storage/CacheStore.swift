import HeadraceCore

/// What a cache keeps its samples in: one for each run and cache stage, used by the epochs of the run at the same time.
protocol CacheStore: AnyObject, Sendable {
  /// A way to go through all that is kept; nil if there is not yet all of an epoch.
  ///
  /// - Throws: what is wrong with what was kept by an earlier run.
  func open() throws(HeadraceError) -> (() throws(HeadraceError) -> Item?)?

  /// Begins to keep the items of an epoch: apart from what any other epoch keeps.
  func fill() throws(HeadraceError) -> any CacheFilling
}
