import HeadraceCore
import HeadraceSystem
import Synchronization

extension Isolation {
  /// Groups that this process has chosen places for.
  private static let groupCount = Atomic<Int>(0)

  /// Whether a loader of this process can have a `groupWeight`: its processes may make a control group beside this
  /// process's, or in it, that shares processors, and go there.
  ///
  /// - Complexity: a few system calls, about 0.1 ms.
  public static var permitsGroupWeight: Bool { (try? group(weight: 100)) != nil }

  /// The place of a group with that weight.
  ///
  /// - Throws: `invalidArgument`, naming the value, and where it is not permitted the file.
  static func group(weight: Int) throws(HeadraceError) -> WeightedGroup {
    guard (1...10_000).contains(weight) else {
      throw HeadraceError(.invalidArgument, "groupWeight: \(weight) is not possible; it must be 1 to 10000.")
    }
    let number = groupCount.wrappingAdd(1, ordering: .relaxed).oldValue
    guard let group = WeightedGroup.place(weight: weight, number: number) else {
      throw HeadraceError(
        .invalidArgument,
        "groupWeight: \(weight) is not possible here: no control group is to be seen that shares processors"
          + " (/proc/self/cgroup, /proc/self/mountinfo). Leave it out: niceness needs none.")
    }
    do {
      try group.check()
    } catch {
      throw HeadraceError(
        .invalidArgument,
        "groupWeight: \(weight) is not permitted here: \(group.folder) cannot be made, weighted and joined. Start the"
          + " trainer in a group whose parent is this user's (systemd-run --user --scope), or leave groupWeight out:"
          + " niceness needs no permission.", cause: "\(error)")
    }
    return group
  }
}
