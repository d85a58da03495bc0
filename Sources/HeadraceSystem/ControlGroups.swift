/// The control groups that this process is in, and those above them: what limits a group limits all beneath it. See
/// `man 7 cgroups`.
///
/// A machine may have version 1, with a tree for each controller, version 2, with one for all, or both.
struct ControlGroups {
  enum Version {
    case one, two
  }

  /// A group, by its folder.
  struct Group {
    let version: Version
    let folder: String
    private let root: String

    fileprivate init(_ version: Version, _ folder: String, root: String) {
      self.version = version
      self.folder = folder
      self.root = root
    }

    /// The text of one of its files; nil if there is none.
    func read(_ name: String) -> String? { SmallFile.read("\(root)\(folder)/\(name)") }
  }

  /// What stands before each path: the machine's own files, or those of a test.
  var root = ""

  /// The groups that limit this process by a controller of version 1 or by version 2, as far as they can be seen: the
  /// highest of each tree first.
  ///
  /// - Complexity: O(groups above this process).
  func groups(_ controller: String) -> [Group] {
    guard let memberships = SmallFile.read("\(root)/proc/self/cgroup") else { return [] }
    let mounts = Mount.all(SmallFile.read("\(root)/proc/self/mountinfo") ?? "", controller)
    return memberships.split(separator: "\n").flatMap { line -> [Group] in
      // Number, controllers, path; the line of version 2 names no controller.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let version: Version
      if fields[1].isEmpty {
        version = .two
      } else if fields[1].split(separator: ",").contains(controller[...]) {
        version = .one
      } else {
        return []
      }
      return mounts.filter { $0.version == version }
        .flatMap { $0.folders(above: fields[2]) }
        .map { Group(version, $0, root: root) }
    }
  }

  /// A tree of groups, where it can be seen.
  private struct Mount {
    let version: Version
    /// The group that is at `point`: a container may see a part of the tree only.
    let top: String
    let point: String

    /// All in a text like /proc/self/mountinfo; see `man 5 proc_pid_mountinfo`.
    static func all(_ text: String, _ controller: String) -> [Mount] {
      text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        guard let dash = words.firstIndex(of: "-"), dash >= 5, words.count > dash + 3 else { return nil }
        let version: Version
        switch words[dash + 1] {
        case "cgroup2": version = .two
        case "cgroup" where words[dash + 3].split(separator: ",").contains(controller[...]): version = .one
        default: return nil
        }
        return Mount(version: version, top: plain(words[3]), point: plain(words[4]))
      }
    }

    /// The folders of a group and of all above it that can be seen here.
    func folders(above group: Substring) -> [String] {
      let names = group.split(separator: "/"), hidden = top.split(separator: "/")
      // Of a group that is elsewhere nothing can be seen; what stands at the top limits it all the same.
      let isBeneath = names.starts(with: hidden) && !names.contains("..")
      var folders = [point]
      for name in isBeneath ? names.dropFirst(hidden.count) : [] {
        folders.append("\(folders[folders.count - 1])/\(name)")
      }
      return folders
    }

    /// The kernel writes blanks, line ends and backslashes of a path as three octal digits.
    private static func plain(_ path: Substring) -> String {
      let parts = path.split(separator: "\\", omittingEmptySubsequences: false)
      return parts.dropFirst().reduce(into: String(parts.first ?? "")) { text, part in
        if let code = UInt8(part.prefix(3), radix: 8) {
          text.append(Character(Unicode.Scalar(code)))
          text += part.dropFirst(3)
        } else {
          text += "\\\(part)"
        }
      }
    }
  }
}
