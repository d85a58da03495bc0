import Glibc
import HeadraceTestSupport
import Testing

@testable import HeadraceSystem

@Suite struct HugePageTests {
  private static let folder = "sys/kernel/mm/transparent_hugepage"

  private static func setting(_ word: String) -> String {
    ["always", "within_size", "advise", "never", "deny", "force", "inherit"]
      .map { $0 == word ? "[\($0)]" : $0 }.joined(separator: " ") + "\n"
  }

  private func sizeToAskFor(_ files: [String: String]) throws -> Int? {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write("\(Self.folder)/\(name)", Array(text.utf8)) }
    return HugePages.byteCountToAskFor(root: folder.path)
  }

  @Test(arguments: ["always", "within_size", "advise", "never", "deny", "force"])
  func theyAreAskedForWhereThatIsWhatItTakes(all: String) throws {
    for own in [nil, "inherit", "always", "within_size", "advise", "never"] {
      var files = ["hpage_pmd_size": "2097152\n", "shmem_enabled": Self.setting(all)]
      files["hugepages-2048kB/shmem_enabled"] = own.map(Self.setting)
      let counts = own == nil || own == "inherit" ? all : own
      #expect(
        try sizeToAskFor(files) == (counts == "advise" ? 2_097_152 : nil), "\(all), of that size \(own ?? "unsaid")")
    }
  }

  @Test(arguments: [nil, "", "0\n", "-2097152\n", "3000000\n", "large\n", "99999999999999999999\n"])
  func withoutASizeNoneAreAskedFor(size: String?) throws {
    var files = ["shmem_enabled": Self.setting("advise")]
    files["hpage_pmd_size"] = size
    #expect(try sizeToAskFor(files) == nil)
  }

  @Test func whereTheKernelHasNoneNoneAreAskedFor() throws {
    #expect(try sizeToAskFor([:]) == nil)
    #expect(try sizeToAskFor(["hpage_pmd_size": "2097152\n"]) == nil)
  }

  /// Whether the system has given huge pages or, as most do, none.
  @Test(arguments: [2 << 20, (2 << 20) - 4096, (2 << 20) + 1, (6 << 20) + 4096, 1])
  func aFileThatAsksForHugePagesIsReservedZeroAndNoLarger(byteCount: Int) throws {
    // In two parts, as a ring does.
    let first = min(byteCount, 8192)
    let file = try MemoryFile(name: "test", byteCount: byteCount, reserving: first, hugePage: 2 << 20)
    if byteCount > first { try file.reserve(first..<byteCount) }
    let plain = try MemoryFile(name: "test", byteCount: byteCount, reserving: byteCount, hugePage: nil)
    var status = stat(), other = stat()
    #expect(unsafe fstat(file.descriptor.number, &status) == 0)
    #expect(unsafe fstat(plain.descriptor.number, &other) == 0)
    #expect(status.st_size == byteCount)
    // Blocks of 512 bytes.
    #expect(status.st_blocks == other.st_blocks && status.st_blocks * 512 >= byteCount)
    let mapping = try Mapping(file)
    #expect(unsafe mapping.bytes.allSatisfy { $0 == 0 })
  }
}
