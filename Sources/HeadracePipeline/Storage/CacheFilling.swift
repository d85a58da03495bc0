import HeadraceCore

/// The samples of one epoch on their way into a cache. Used by one thread at a time.
///
/// An epoch that is given up leaves its lanes at work for a moment, while the next one fills the same cache: so each
/// has a filling of its own. One that is let go of without `finish` is forgotten.
protocol CacheFilling: AnyObject {
  /// Why nothing is kept; nil as long as all is well.
  var problem: HeadraceError? { get }

  /// Keeps an item. Returns false once it cannot keep them all, for good.
  func append(_ item: Item) -> Bool

  /// All of an epoch has been appended. Returns whether it is kept: if not, nothing is.
  func finish() -> Bool
}
