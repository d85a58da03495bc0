import Testing

/// What `make setup` says on machines that lack something.
@Suite struct SetupTests {
  private static let toolchain =
    "setup: Install Swift 6.3.1 from https://swift.org/install/linux and put its usr/bin first in PATH."
  private static let apt = "setup: Install with: sudo apt-get update && sudo apt-get install -y"

  @Test func nothingIsSaidWhereNothingIsMissing() throws {
    let (status, lines) = try FakeMachine().setup()
    #expect(status == 0)
    #expect(lines == [])
  }

  @Test(arguments: [
    ("libzstd", "libzstd-dev"), ("libpng", "libpng-dev"), ("libdeflate", "libdeflate-dev"),
    ("libjpeg", "libjpeg62-turbo-dev"), ("libwebp", "libwebp-dev"), ("libcrypto", "libssl-dev"),
  ])
  func withoutRootItSaysWhatIsMissingAndWhatToType(library: String, package: String) throws {
    let machine = try FakeMachine()
    try machine.lackLibrary(library)
    let (status, lines) = try machine.setup()
    #expect(status == 1)
    #expect(
      lines == [
        "setup: missing: \(library).",
        "setup: Installing them needs root, and sudo does not work here without a password.",
        "\(Self.apt) \(package)",
      ])
    #expect(machine.installations == [])
  }

  @Test func allThatIsMissingStandsInOneLine() throws {
    let machine = try FakeMachine()
    try machine.remove("git", "ld.gold", "pkg-config", "sudo")
    let (status, lines) = try machine.setup()
    #expect(status == 1)
    #expect(
      lines.first
        == "setup: missing: git (the Swift package manager runs it), the linker gold, pkg-config, libzstd, libpng,"
        + " libdeflate, libjpeg, libwebp, libcrypto.")
    #expect(
      lines.last
        == "\(Self.apt) git binutils-gold pkg-config libzstd-dev libpng-dev libdeflate-dev libjpeg62-turbo-dev"
        + " libwebp-dev libssl-dev")
  }

  @Test func withoutANetworkItQuotesAptAndSaysWhatToDoAfterwards() throws {
    let machine = try FakeMachine()
    try machine.lackLibrary("libpng")
    try machine.add("id", "echo 0")
    try machine.add(
      "apt-get", "echo 'Reading package lists...'; echo 'E: Temporary failure resolving deb.example' >&2; exit 100")
    let (status, lines) = try machine.setup()
    #expect(status == 1)
    #expect(
      lines == [
        "setup: installing libpng-dev ...",
        "setup: missing: libpng.",
        "setup: apt-get could not install them: E: Temporary failure resolving deb.example",
        "\(Self.apt) libpng-dev",
        "setup: Check the network and /etc/apt/sources.list, then run: make setup",
      ])
  }

  @Test(arguments: ["root", "sudo"]) func whatIsMissingIsInstalledWithoutAQuestion(who: String) throws {
    let machine = try FakeMachine()
    try machine.lackLibrary("libzstd")
    try machine.serve("libzstd")
    if who == "root" {
      try machine.add("id", "echo 0")
    } else {
      try machine.add("sudo", "shift; [ $# = 0 ] || exec \"$@\"")
      try machine.add("true", "exit 0")
    }
    let (status, lines) = try machine.setup()
    #expect(status == 0)
    #expect(lines == ["setup: installing libzstd-dev ..."])
    #expect(
      machine.installations == [
        "noninteractive install -y --no-install-recommends -o Acquire::Retries=1 libzstd-dev"
      ])
  }

  @Test func whatIsMissingStillAfterInstallingIsNamed() throws {
    let machine = try FakeMachine()
    try machine.lackLibrary("libpng")
    try machine.add("id", "echo 0")
    try machine.serve("nothing")
    let (status, lines) = try machine.setup()
    #expect(status == 1)
    #expect(
      lines.dropFirst() == [
        "setup: missing: libpng.",
        "setup: apt-get succeeded, but they are still not found; is PKG_CONFIG_PATH set to something else?",
        "\(Self.apt) libpng-dev",
      ])
  }

  @Test(arguments: [
    ("dnf", "sudo dnf install -y libpng-devel"), ("apk", "sudo apk add libpng-dev"),
    ("", "your package manager, for what Debian calls: libpng-dev"),
  ])
  func withoutAptItNamesThePackagesOfTheManagerThatIsThere(manager: String, command: String) throws {
    let machine = try FakeMachine()
    try machine.lackLibrary("libpng")
    try machine.remove("apt-get")
    if !manager.isEmpty { try machine.add(manager, "exit 0") }
    let (status, lines) = try machine.setup()
    #expect(status == 1)
    #expect(
      lines == [
        "setup: missing: libpng.",
        "setup: This script installs only through apt-get, and there is none here.",
        "setup: Install with: \(command)",
      ])
  }

  @Test func withoutAToolchainItSaysWhereToGetOne() throws {
    let machine = try FakeMachine()
    try machine.remove("swift")
    let (status, lines) = try machine.setup()
    #expect(status == 1)
    #expect(lines == ["setup: missing: Swift 6.2 or newer; there is no `swift` in PATH.", Self.toolchain])
  }

  @Test(arguments: [("5.10.1", false), ("6.1", false), ("6.2", true), ("6.10.3", true), ("7.0", true)])
  func anOldToolchainIsNamedAndRefused(version: String, isEnough: Bool) throws {
    let machine = try FakeMachine()
    try machine.add("swift", "echo 'Apple Swift version \(version) (swift-\(version)-RELEASE)'")
    let (status, lines) = try machine.setup()
    #expect(status == (isEnough ? 0 : 1))
    if isEnough {
      #expect(lines == [])
    } else {
      #expect(lines.count == 2 && lines.last == Self.toolchain)
      #expect(lines[0].hasPrefix("setup: Swift \(version) is too old: Headrace needs 6.2 or newer (found /"))
      #expect(lines[0].hasSuffix("/swift)."))
    }
  }

  @Test func aToolchainThatDoesNotRunIsQuoted() throws {
    let machine = try FakeMachine()
    try machine.add("swift", "echo 'swift: cannot open libxml2.so.2' >&2; exit 127")
    let (status, lines) = try machine.setup()
    #expect(status == 1)
    #expect(
      lines == [
        "setup: `swift --version` fails: swift: cannot open libxml2.so.2",
        "setup: Libraries that the toolchain needs may be missing; see https://swift.org/install/linux.",
      ])
  }

  @Test func aLibraryThatTheToolchainLacksIsAPackageToInstall() throws {
    let machine = try FakeMachine()
    try machine.add("ldd", "printf '\\tlibxml2.so.2 => not found\\n\\tlibc.so.6 => /lib/libc.so.6\\n'")
    let (status, lines) = try machine.setup()
    #expect(status == 1)
    #expect(lines.first == "setup: missing: libxml2.so.2 (the Swift toolchain needs it).")
    #expect(lines.last == "\(Self.apt) libxml2")
  }

  @Test func anotherSystemIsRefusedByName() throws {
    let machine = try FakeMachine()
    try machine.add("uname", "echo Darwin")
    let (status, lines) = try machine.setup()
    #expect(status == 1)
    #expect(lines == ["setup: Headrace runs on Linux only (memfd, eventfd, pidfd); this is Darwin."])
  }
}
