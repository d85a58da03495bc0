import HeadraceTestSupport
import Testing

@testable import HeadraceSystem

/// Trees of files as the kernel shows them for control groups.
@Suite struct ProcessorQuotaTests {
  /// A machine with version 2 alone, and this process in /pod/container/inner.
  private static let versionTwo = [
    "proc/self/cgroup": "0::/pod/container/inner\n",
    "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
  ]
  private static let groups = ["", "/pod", "/pod/container", "/pod/container/inner"]

  private func count(_ files: [String: String]) throws -> Int? {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, Array(text.utf8)) }
    return ProcessorQuota(groups: ControlGroups(root: folder.path)).processorCount
  }

  @Test(arguments: groups.indices) func theLeastOfAllGroupsCountsWhoseverItIs(least: Int) throws {
    var files = Self.versionTwo
    for (place, group) in Self.groups.enumerated() {
      files["sys/fs/cgroup\(group)/cpu.max"] = place == least ? "150000 100000\n" : "700000 100000\n"
    }
    #expect(try count(files) == 2)
  }

  @Test(arguments: groups.indices) func aGroupWithoutALimitHidesNoneAboveOrBeneathIt(limited: Int) throws {
    var files = Self.versionTwo
    for (place, group) in Self.groups.enumerated() {
      // The first group of a real tree has no such file.
      if place == 0, limited != 0 { continue }
      files["sys/fs/cgroup\(group)/cpu.max"] = place == limited ? "300000 100000\n" : "max 100000\n"
    }
    #expect(try count(files) == 3)
  }

  @Test(
    arguments: [
      ("max 100000\n", nil), ("100000 100000\n", 1), ("100001 100000\n", 2), ("1000 100000\n", 1), ("50000 25000", 2),
      ("", nil), ("0 100000", nil), ("100000 0", nil), ("many 100000", nil), ("100000", nil), ("1 2 3", nil),
      ("9223372036854775807 1000000", 9_223_372_036_855),
    ] as [(String, Int?)])
  func aQuotaIsRoundedUpAndWhatIsNoneLimitsNothing(text: String, expected: Int?) throws {
    var files = Self.versionTwo
    files["sys/fs/cgroup/pod/cpu.max"] = text
    #expect(try count(files) == expected)
  }

  @Test(arguments: ["cpu", "cpu,cpuacct", "cpuacct,cpu"]) func versionOneIsReadWhereverItIsMounted(
    controllers: String
  ) throws {
    var files = [
      "proc/self/cgroup": "4:memory:/other\n3:\(controllers):/pod/container\n0::/\n",
      "proc/self/mountinfo":
        "31 30 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
        + "32 30 0:28 / /groups/of\\040cpu rw - cgroup cgroup rw,\(controllers)\n",
    ]
    for (group, quota) in [("", -1), ("/pod", 250_000), ("/pod/container", -1)] {
      files["groups/of cpu\(group)/cpu.cfs_quota_us"] = "\(quota)\n"
      files["groups/of cpu\(group)/cpu.cfs_period_us"] = "100000\n"
    }
    #expect(try count(files) == 3)
  }

  @Test func ofBothVersionsTheLeastCounts() throws {
    var files = [
      "proc/self/cgroup": "1:cpu:/old\n0::/new\n",
      "proc/self/mountinfo":
        "32 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 x"
        + " rw\n",
      "sys/fs/cgroup/cpu/old/cpu.cfs_quota_us": "400000\n", "sys/fs/cgroup/cpu/old/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/unified/new/cpu.max": "300000 100000\n",
    ]
    #expect(try count(files) == 3)
    files["sys/fs/cgroup/cpu/old/cpu.cfs_quota_us"] = "200000\n"
    #expect(try count(files) == 2)
  }

  @Test(
    arguments: [
      // What can be seen begins at the container's own group, whose path is the whole one.
      ("/pod/container", "/pod/container/inner", ["", "/inner"]),
      // The process has been moved out of what can be seen, or its group is called by a path from elsewhere.
      ("/pod", "/../other", [""]), ("/pod", "/elsewhere/container", [""]), ("/", "/../..", [""]),
    ] as [(String, String, [String])])
  func whereAPartOfTheTreeIsMountedOnlyThatIsLookedAt(top: String, group: String, seen: [String]) throws {
    var files = [
      "proc/self/cgroup": "0::\(group)\n",
      "proc/self/mountinfo": "30 23 0:26 \(top) /sys/fs/cgroup rw - cgroup2 cgroup rw\n",
    ]
    // Would be found by the wrong path.
    files["sys/fs/cgroup/pod/container/inner/cpu.max"] = "100000 100000"
    for place in seen {
      var limited = files
      limited["sys/fs/cgroup\(place)/cpu.max"] = "500000 100000"
      #expect(try count(limited) == 5)
    }
  }

  @Test func withoutControlGroupsNothingLimits() throws {
    #expect(try count([:]) == nil)
    #expect(try count(["proc/self/cgroup": "0::/\n"]) == nil)
    #expect(try count(["proc/self/cgroup": "no such line\n", "proc/self/mountinfo": "nor - this\n"]) == nil)
  }
}
