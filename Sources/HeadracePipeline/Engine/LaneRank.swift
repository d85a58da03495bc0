import HeadraceSystem

/// What says how lanes rank, while they work: those that all stages share, but for ones that have taken the place of a
/// lane which a call blocks.
///
/// A thread can be ranked lower at any time and never higher without a privilege. So a lane that is to rank higher goes
/// on in another thread, between two pieces of work.
package protocol LaneRank: AnyObject, Sendable {
  /// What lanes are to have added to the niceness of the trainer, or `ThreadRank.idle`. Asked after each piece of work,
  /// so some nanoseconds.
  var niceness: Int { get }

  /// What threads have added that the process starts without this.
  var initialNiceness: Int { get }

  /// Ranks the calling thread lower, of a lane that has had `niceness` until now.
  func lower(from niceness: Int, to next: Int)

  /// Starts a thread that has so much added to the niceness of the trainer, from whatever thread.
  ///
  /// - Throws: EAGAIN when the system permits no further thread.
  func start(name: String, niceness: Int, _ body: @escaping @Sendable () -> Void) throws(Errno)
}
