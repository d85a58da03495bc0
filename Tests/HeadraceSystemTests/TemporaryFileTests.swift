import Glibc
import HeadraceTestSupport
import Testing

@testable import HeadraceSystem

/// A file is under its name when it is whole, and at no time before.
@Suite struct TemporaryFileTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func itAppearsUnderItsNameWhenItIsKept() throws {
    try folder.write("a", [9])
    let file = try TemporaryFile(for: folder.file("a"))
    try file.write([1, 2].span)
    #expect(try folder.read("a") == [9])
    #expect(try folder.names().count == 2)
    try file.keep()
    #expect(try folder.read("a") == [1, 2])
    #expect(try folder.names() == ["a"])
  }

  @Test func withoutBeingKeptItIsRemoved() throws {
    func make() throws {
      let file = try TemporaryFile(for: folder.file("a"))
      try file.write([1].span)
      #expect(try folder.names().count == 1)
    }
    try make()
    #expect(try folder.names() == [])
  }

  @Test func whatAKilledProcessLeftIsRemovedAndNothingElse() throws {
    let others = ["a", "a.partial", "a.1.partial", "a.0123456789ABC.partial", "b.0123456789abc.partial", "a.b.partial"]
    for name in others { try folder.write(name) }
    try folder.write("a.0123456789abc.partial")
    let first = try TemporaryFile(for: folder.file("a"))
    #expect(try !folder.names().contains("a.0123456789abc.partial"))
    #expect(Set(try folder.names()).isSuperset(of: others))
    // One that is being written is locked.
    let second = try TemporaryFile(for: folder.file("a"))
    #expect(try folder.names().count == others.count + 2)
    try second.write([2].span)
    try second.keep()
    try first.write([1].span)
    try first.keep()
    #expect(try folder.read("a") == [1], "the last that is whole stays")
    #expect(try folder.names() == others.sorted())
  }

  @Test func manyAtOnceDoNotRemoveEachOthers() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let path = folder.file("a")
    try Threads.run(4) { number in
      for round in 0..<100 {
        do {
          let file = try TemporaryFile(for: path)
          try file.write([UInt8](repeating: UInt8(number), count: 10_000 + round).span)
          try file.keep()
        } catch {
          Issue.record("\(error)")
        }
      }
    }
    let bytes = try folder.read("a")
    #expect(bytes.count >= 10_000 && Set(bytes).count == 1)
    #expect(try folder.names() == ["a"])
  }

  @Test func aFolderThatIsNotThereIsNamed() {
    do throws(FileError) {
      _ = try TemporaryFile(for: "/nowhere/a")
      Issue.record("created")
    } catch {
      #expect(error.isMissing && error.path.hasPrefix("/nowhere/a."))
    }
  }

  @Test func aFileInTheWorkingFolderNeedsNoSlash() throws {
    let file = try TemporaryFile(for: "temporary-file-test")
    #expect(unsafe access(file.temporaryPath, F_OK) == 0)
    #expect(!file.temporaryPath.contains("/"))
  }

  @Test func aLockIsHeldByOneFileAtATime() throws {
    try folder.write("a")
    let first = try File(reading: folder.file("a"))
    let second = try File(reading: folder.file("a"))
    #expect(first.lock() == .taken)
    #expect(second.lock() == .held)
    let before = first.hasName
    FileSystem.remove(folder.file("a"))
    let after = first.hasName
    #expect(before && !after)
  }

  @Test func readingFromAnOffsetLeavesTheOthersAlone() throws {
    try folder.write("a", [0, 1, 2, 3, 4, 5])
    let file = try File(reading: folder.file("a"))
    var bytes: [UInt8] = []
    try bytes.append(addingCapacity: 2) { (output: inout OutputSpan<UInt8>) throws(FileError) in
      try file.read(into: &output, at: 3)
    }
    #expect(bytes.prefix(2) == [3, 4])
    try bytes.append(addingCapacity: 2) { (output: inout OutputSpan<UInt8>) throws(FileError) in
      try file.read(into: &output, at: 6)
    }
    #expect(bytes.count == 2, "nothing behind the end")
  }
}
