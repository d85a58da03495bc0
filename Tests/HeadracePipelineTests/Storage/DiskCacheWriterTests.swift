import Glibc
import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline
@testable import HeadraceSystem

/// A cache is whole or absent, and an epoch goes on without one.
@Suite struct DiskCacheWriterTests {
  private let folder: TemporaryFolder
  private let path: String
  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("c")
  }

  @Test func anUnfinishedCacheLeavesNothingBehind() throws {
    func abandon() throws {
      var writer = try DiskCacheWriter(path: path, fingerprint: "f")
      for position in 0..<100 { writer.append(position: position, sample: nil, [UInt8](repeating: 1, count: 100_000)) }
      #expect(try folder.names().count == 1)
    }
    try abandon()
    #expect(try folder.names() == [])
  }

  @Test func nothingIsUnderTheNameBeforeAllIs() throws {
    var writer = try DiskCacheWriter(path: path, fingerprint: "f")
    for position in 0..<50 {
      let isKept = writer.append(position: position, sample: nil, [UInt8](repeating: 1, count: 100_000))
      #expect(isKept)
      #expect(headraceError { _ = try DiskCacheReader(path: path, fingerprint: "f") }?.code == .notFound)
    }
    let counts = (writer.count, writer.byteCount)
    #expect(counts == (50, 5_000_000))
    try writer.finish()
    #expect(try CacheFixture.read(path).count == 50)
  }

  @Test func ofTwoWritersTheLastThatFinishesStays() throws {
    var first = try DiskCacheWriter(path: path, fingerprint: "f")
    var second = try DiskCacheWriter(path: path, fingerprint: "f")
    for position in 0..<30 {
      first.append(position: position, sample: nil, [UInt8](repeating: 1, count: 100_000))
      second.append(position: position, sample: nil, [UInt8](repeating: 2, count: 100_000))
    }
    try second.finish()
    #expect(try CacheFixture.read(path).allSatisfy { $0.bytes.first == 2 })
    try first.finish()
    #expect(try CacheFixture.read(path).allSatisfy { $0.bytes.first == 1 })
    #expect(try folder.names() == ["c"])
  }

  /// Whether there is anything where it leads or not, and by a link to a link.
  @Test func aLinkStaysAndWhereItLeadsTheCacheIs() throws {
    for name in ["disk/a", "disk/../b"] {
      try folder.write("disk/x")
      let link = folder.file("link")
      FileSystem.remove(link)
      FileSystem.remove(path)
      #expect(unsafe symlink(name, link) == 0 && symlink(link, path) == 0)
      for _ in 0..<2 {
        try CacheFixture.write(CacheFixture.some, to: path)
        #expect(try CacheFixture.read(folder.file(name)) == CacheFixture.some)
        #expect(FileSystem.destination(of: path) == folder.file(name))
      }
      #expect(FileSystem.destination(of: link) != link)
    }
    #expect(try folder.names("disk") == ["a", "x"])
    #expect(try folder.names() == ["b", "c", "disk", "link"])
  }

  @Test func linksInACircleAreAnErrorOfTheSystem() throws {
    #expect(unsafe symlink("c", path) == 0)
    let error = headraceError { _ = try DiskCacheReader(path: path, fingerprint: "f") }
    #expect(error?.code == .inputOutput && error?.message.contains("Too many") == true, "\(error!)")
    #expect(FileSystem.destination(of: path) == path)
  }

  /// /dev/full refuses each write with ENOSPC.
  @Test func aFullDiskIsOneWarningAndTheFileIsRemoved() throws {
    var writer = try writerOnAFullDisk()
    #expect(try folder.names() == ["c.partial"])
    var kept = 0
    while kept < 100, writer.append(position: kept, sample: nil, [UInt8](repeating: 1, count: 100_000)) { kept += 1 }
    #expect(kept == 10, "what is written at once is 1 MiB")
    #expect(try folder.names() == [])
    let problem = writer.problem
    #expect(problem?.code == .inputOutput)
    #expect(
      problem?.message == "Cache \(path) was given up after 11 samples; the epoch goes on without it. Writing"
        + " \(path).partial failed: No space left on device (errno 28); free space on the disk or write elsewhere.")
    let isKept = writer.append(position: kept, sample: nil, [UInt8](repeating: 1, count: 10_000_000))
    let same = writer.problem
    #expect(!isKept && same == problem)
    do {
      try writer.finish()
      Issue.record("finished")
    } catch {
      #expect(error == problem)
    }
  }

  @Test func aDiskThatIsFullAtTheEndLeavesNothingBehind() throws {
    var writer = try writerOnAFullDisk()
    let isKept = writer.append(position: 0, sample: nil, [1 as UInt8])
    #expect(isKept)
    do {
      try writer.finish()
      Issue.record("finished")
    } catch {
      #expect(error.message.contains("given up after 1 sample; the epoch goes on"))
      #expect(error.message.contains("No space left on device"))
    }
    #expect(try folder.names() == [])
  }

  @Test func aSampleThatCannotBeStoredEndsTheCacheAndIsNamed() throws {
    struct Refused: Error {}
    struct Unstorable: Storable {
      init() {}
      init(storedBytes: Span<UInt8>) {}
      func store(into bytes: inout [UInt8]) throws { throw Refused() }
    }
    var writer = try DiskCacheWriter(path: path, fingerprint: "f")
    writer.append(position: 0, sample: nil, [1 as UInt8])
    let isKept = writer.append(position: 1, sample: SampleID(key: "bad"), Unstorable())
    let problem = writer.problem
    #expect(!isKept && problem?.sample?.key == "bad")
    #expect(problem?.cause == "Refused()")
    #expect(problem?.message.contains("given up, since a sample cannot be stored; the epoch goes on") == true)
    #expect(try folder.names() == [])
  }

  @Test func aFolderThatIsNotThereIsToldAtOnce() {
    let error = headraceError { _ = try DiskCacheWriter(path: "/nowhere/c", fingerprint: "f") }
    #expect(error?.code == .notFound && error?.message.contains("/nowhere/c.") == true)
  }

  private func writerOnAFullDisk() throws -> DiskCacheWriter {
    let descriptor = FileDescriptor(owning: unsafe open("/dev/full", O_WRONLY | O_CLOEXEC))
    try #require(descriptor.number >= 0)
    let temporaryPath = try folder.write("c.partial")
    let file = TemporaryFile(File(owning: descriptor, path: temporaryPath), at: temporaryPath, for: path)
    return try DiskCacheWriter(file: file, fingerprint: "f")
  }
}
