import Glibc
import HeadraceTestSupport
import Testing

@testable import HeadraceSystem

/// Where a group with a weight of its own is made: trees of files as the kernel shows them.
@Suite struct WeightedGroupTests {
  private static let two = "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
  private static let one = "32 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
  private static let both = one + "33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 x rw\n"

  private func folder(_ groups: String, _ mounts: String) throws -> String? {
    let folder = try TemporaryFolder()
    try folder.write("proc/self/cgroup", Array(groups.utf8))
    try folder.write("proc/self/mountinfo", Array(mounts.utf8))
    let group = WeightedGroup.place(weight: 20, number: 3, ControlGroups(root: folder.path))
    return group.map { String($0.folder.prefix { $0 != "-" }) }
  }

  @Test func itIsBesideTheOwnGroupWhereThatCanBe() throws {
    #expect(try folder("0::/user/app/trainer\n", Self.two) == "/sys/fs/cgroup/user/app/headrace")
    #expect(try folder("0::/trainer\n", Self.two) == "/sys/fs/cgroup/headrace")
    #expect(try folder("1:cpu:/a/b\n0::/x/y\n", Self.both) == "/sys/fs/cgroup/cpu/a/headrace")
    // Seen from within a container: what is above it is not there.
    #expect(try folder("0::/\n", Self.two) == "/sys/fs/cgroup/headrace")
    #expect(try folder("1:cpu:/\n0::/x/y\n", Self.both) == "/sys/fs/cgroup/cpu/headrace")
  }

  @Test func withoutAGroupThatSharesProcessorsThereIsNone() throws {
    #expect(try folder("", "") == nil)
    #expect(try folder("1:memory:/a\n", "32 30 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n") == nil)
  }

  /// What a closure has started and left is not to keep the group.
  @Test func processesThatAreStillThereGoWhereTheMakerWas() throws {
    guard let group = WeightedGroup.place(weight: 25, number: 1_000_000), (try? group.check()) != nil else { return }
    let sleeper = try Spawned("/bin/sleep", ["60"])
    try FileSystem.createFolder(group.folder)
    try SmallFile.set("\(group.folder)/cgroup.procs", to: "\(sleeper.processID)")
    func groups(_ process: String) -> String? { SmallFile.read("/proc/\(process)/cgroup") }
    #expect(groups("\(sleeper.processID)")?.contains(group.folder.split(separator: "/").last ?? "?") == true)
    group.remove()
    #expect(try FileSystem.kind(of: group.folder) == .missing)
    #expect(groups("\(sleeper.processID)") == groups("self"))
    kill(sleeper.processID, SIGKILL)
  }

  @Test func groupsOfOneProcessAreToldApartByTheirNumbers() throws {
    let folder = try TemporaryFolder()
    try folder.write("proc/self/cgroup", Array("0::/a\n".utf8))
    try folder.write("proc/self/mountinfo", Array(Self.two.utf8))
    let names = (0..<3).compactMap {
      WeightedGroup.place(weight: 1, number: $0, ControlGroups(root: folder.path))?.folder
    }
    #expect(Set(names).count == 3)
  }
}
