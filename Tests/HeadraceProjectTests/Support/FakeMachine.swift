import Foundation
import HeadraceTestSupport

/// A folder of programs that is all that `scripts/setup` finds: nothing is asked of the machine, and nothing installed.
///
/// At first nothing is missing, nobody is root and sudo wants a password.
final class FakeMachine {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("machine-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for tool in ["dirname", "env", "grep", "head", "mktemp", "readlink", "rm", "sed", "tail"] {
      let real = ["/usr/bin/", "/bin/"].map { $0 + tool }.first(where: FileManager.default.isExecutableFile)
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent(tool).path, withDestinationPath: real ?? "/nowhere")
    }
    for tool in ["make", "git", "ld.gold", "ld.bfd", "pkg-config", "swift-package"] { try add(tool, "exit 0") }
    try add("uname", "echo Linux")
    try add("id", "echo 1000")
    try add("sudo", "echo 'sudo: a password is required' >&2; exit 1")
    try add("apt-get", "echo 'E: not to be called'; exit 100")
    try add("swift", "echo 'Swift version 6.3.1 (swift-6.3.1-RELEASE)'")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Puts a shell program in the place of what has that name. `$here` is the folder.
  func add(_ name: String, _ script: String) throws {
    let file = folder.appendingPathComponent(name)
    try "#!/bin/sh\nhere=\(folder.path)\n\(script)\n".write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }

  func remove(_ names: String...) throws {
    for name in names { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }
  }

  /// Leaves out a library until a file of its name is in the folder.
  func lackLibrary(_ name: String) throws {
    try add("pkg-config", "case \" $* \" in *' \(name) '*) [ -e $here/\(name) ] ;; esac")
  }

  /// Lets apt-get succeed, and put down the file `name` in the folder.
  func serve(_ name: String) throws {
    try add("apt-get", "echo \"$DEBIAN_FRONTEND $*\" >>$here/apt.log; : >$here/\(name)")
  }

  /// What apt-get was called with.
  var installations: [Substring] {
    ((try? String(contentsOf: folder.appendingPathComponent("apt.log"), encoding: .utf8)) ?? "").split(separator: "\n")
  }

  /// Runs the project's script, and returns its exit status and the lines that it printed.
  func setup() throws -> (status: Int32, lines: [String]) {
    let bash = ["/bin/bash", "/usr/bin/bash"].first(where: FileManager.default.isExecutableFile) ?? "/bin/bash"
    let outcome = try Command(
      URL(fileURLWithPath: bash), [ProjectFolder.file("scripts/setup").path], environment: ["PATH": folder.path]
    ).run()
    return (outcome.status, (outcome.output + outcome.errors).split(separator: "\n").map(String.init))
  }
}
