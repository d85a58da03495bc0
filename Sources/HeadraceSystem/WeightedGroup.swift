import Glibc

/// A control group with a weight of its own, by which its processes together share processors with the groups beside
/// it. See `man 7 cgroups`.
///
/// It is made by the first process that joins it. Whoever ends last removes it; one that was left is removed by the
/// next that looks for a place.
package struct WeightedGroup: Hashable, Codable, Sendable {
  /// Where it is.
  package let folder: String
  /// The group of the process that has chosen the place: where processes go that are in it when it is removed.
  private let home: String
  /// The file of the weight, and what is written there: cpu.weight of version 2, of 100 as any group has at first, or
  /// cpu.shares of version 1, of 1024.
  private let weightFile: String
  private let weightText: String
  /// What must be writable for a process to go from one to the other, beside the group's own.
  private let ancestor: String?

  private static let prefix = "headrace-"

  /// Chooses a place beside this process's group, or in it where what is above cannot be seen: a group of version 2
  /// that has processes has no groups with weights beneath it. Nothing is made.
  ///
  /// - Parameters:
  ///   - weight: 1 to 10,000; 100 is what a group has at first.
  ///   - number: tells groups of one process apart.
  /// - Returns: nil where processors are not shared by groups that can be seen.
  package static func place(weight: Int, number: Int) -> WeightedGroup? {
    place(weight: weight, number: number, ControlGroups())
  }

  static func place(weight: Int, number: Int, _ groups: ControlGroups) -> WeightedGroup? {
    let all = groups.groups("cpu")
    // A controller is in one tree only. Version 2 is there without any where version 1 has them.
    guard let own = all.last(where: { $0.version == .one }) ?? all.last else { return nil }
    let above = all.last { own.folder.hasPrefix("\($0.folder)/") && $0.version == own.version }
    let parent = (above ?? own).folder
    return WeightedGroup(
      folder: "\(parent)/\(prefix)\(ProcessIdentity.current.processID)-\(number)", home: own.folder,
      weightFile: own.version == .one ? "cpu.shares" : "cpu.weight",
      weightText: own.version == .one ? "\(max(2, weight * 1024 / 100))" : "\(weight)",
      ancestor: own.version == .one ? nil : "\(parent)/cgroup.procs")
  }

  /// Makes it and removes it again, and removes those beside it that were left by processes that are gone.
  ///
  /// - Throws: what the kernel does not permit, with the path.
  package func check() throws(Errno) {
    removeDeserted()
    try make()
    unsafe rmdir(folder)
    guard let ancestor, unsafe faccessat(AT_FDCWD, ancestor, W_OK, AT_EACCESS) != 0 else { return }
    let code = errno
    throw Errno("open \(ancestor)", code: code)
  }

  /// Makes it where it is not there yet, and moves this process there with all of its threads.
  package func join() throws(Errno) {
    try make()
    try SmallFile.set("\(folder)/cgroup.procs", to: "0")
  }

  /// Removes it. Processes that are there, such as what a closure has started and left, go where the maker was.
  ///
  /// Says nothing if that fails, since it is only used to tidy up.
  package func remove() {
    // Processes that are being killed leave by themselves soon.
    for _ in 0..<100 {
      guard unsafe rmdir(folder) != 0, errno == EBUSY else { return }
      for process in (SmallFile.read("\(folder)/cgroup.procs") ?? "").split(separator: "\n") {
        _ = SmallFile.write(String(process), to: "\(home)/cgroup.procs")
      }
      _ = Poll.wait(-1, until: MonotonicClock.now + 10_000_000)
    }
  }

  private func make() throws(Errno) {
    if unsafe mkdir(folder, 0o755) != 0 {
      let code = errno
      if code != EEXIST { throw Errno("mkdir \(folder)", code: code) }
    }
    do {
      try SmallFile.set("\(folder)/\(weightFile)", to: weightText)
    } catch {
      unsafe rmdir(folder)
      throw error
    }
  }

  /// Groups whose maker has gone, and that no process is in: the kernel refuses to remove others.
  private func removeDeserted() {
    guard let end = folder.lastIndex(of: "/") else { return }
    let parent = folder[..<end]
    for entry in (try? FileSystem.entries(of: String(parent))) ?? [] where entry.name.hasPrefix(Self.prefix) {
      let maker = entry.name.dropFirst(Self.prefix.count).prefix { $0 != "-" }
      if Int32(maker) != nil, (try? FileSystem.kind(of: "/proc/\(maker)")) == .missing {
        unsafe rmdir("\(parent)/\(entry.name)")
      }
    }
  }
}
