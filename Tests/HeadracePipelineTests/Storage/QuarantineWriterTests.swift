import Foundation
import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline
@testable import HeadraceSystem

/// What failed is kept with all that is known of it, or counted.
@Suite struct QuarantineWriterTests {
  private let folder: TemporaryFolder
  private let path: String
  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("bad")
  }

  private let failure = SampleFailure(
    epoch: 3, position: 17,
    error: HeadraceError(
      .malformedImage, "Not a \"PNG\":\n\u{1}\\.", stage: "decode",
      sample: SampleID(key: "n01/é", path: "train-0.tar", offset: 51_200), cause: "no signature"))

  @Test func anEntryNamesEverything() throws {
    let writer = QuarantineWriter(path: path)
    #expect(writer.keep(failure, ["x", "y"]) == nil)
    let worker = try onlyWorker()
    #expect(try folder.names(worker) == ["000000"])
    #expect(try folder.names("\(worker)/000000") == ["sample.bin", "sample.error.json"])
    let entry = try entry("\(worker)/000000")
    #expect(entry["stage"] as? String == "decode")
    #expect(entry["epoch"] as? Int == 3)
    #expect(entry["position"] as? Int == 17)
    #expect(entry["key"] as? String == "n01/é")
    #expect(entry["path"] as? String == "train-0.tar")
    #expect(entry["offset"] as? Int == 51_200)
    #expect(entry["code"] as? String == "malformedImage")
    #expect(entry["message"] as? String == "Not a \"PNG\":\n\u{1}\\.")
    #expect(entry["cause"] as? String == "no signature")
    #expect(entry["files"] as? [String] == ["sample.bin"])
    #expect(entry["files_problem"] is NSNull)
    #expect(entry["process"] as? Int == Int(ProcessInfo.processInfo.processIdentifier))
    let time = try #require(entry["time"] as? String)
    #expect(time.hasSuffix("Z") && time.utf8.count == 24)
    #expect(worker.hasSuffix("Z-\(ProcessInfo.processInfo.processIdentifier)"))
    #expect(writer.keptCount == 1 && writer.lostCount == 0)
  }

  @Test func theSampleCanBeMadeOfItsFileAgain() throws {
    let writer = QuarantineWriter(path: path)
    writer.keep(failure, ["x", "y"])
    let bytes = try folder.read("\(onlyWorker())/000000/sample.bin")
    #expect(try [String](storedBytes: bytes.span) == ["x", "y"])
  }

  @Test func unknownFieldsAreWrittenAsNull() throws {
    let writer = QuarantineWriter(path: path)
    writer.keep(SampleFailure(epoch: 0, position: 0, error: HeadraceError(.stageFailed, "m")), 7)
    let entry = try entry("\(onlyWorker())/000000")
    for key in ["stage", "key", "path", "offset", "cause"] { #expect(entry[key] is NSNull, "\(key)") }
    #expect(entry["files"] as? [String] == ["sample.txt"])
  }

  @Test func aSampleThatIsNotStorableIsKeptByItsName() throws {
    struct Opaque: Sendable {}
    let writer = QuarantineWriter(path: path)
    #expect(writer.keep(failure, Opaque()) == nil)
    let worker = try onlyWorker()
    #expect(try folder.names("\(worker)/000000") == ["sample.error.json"])
    #expect(try entry("\(worker)/000000")["files"] as? [String] == [])
    #expect(try entry("\(worker)/000000")["files_problem"] as? String == "Opaque is not Storable")
  }

  @Test func aSampleThatCannotBeReadIsKeptByItsName() throws {
    let writer = QuarantineWriter(path: path)
    writer.keep(failure, Files { throw HeadraceError(.notFound, "gone.") })
    let entry = try entry("\(onlyWorker())/000000")
    #expect(entry["files"] as? [String] == [])
    #expect(entry["files_problem"] as? String == "gone.")
  }

  @Test func noNameOfAFieldLeadsOutOfTheFolder() throws {
    let writer = QuarantineWriter(path: path)
    let names = ["png", "seg.png", "../../a", "%2F", "a/b", "\0", "", "é"]
    writer.keep(failure, Files { names.map { ($0, Array($0.utf8)) } })
    let entryFolder = "\(try onlyWorker())/000000"
    let expected = [
      "png", "seg.png", "..%2F..%2Fa", "%252F", "a%2Fb", "%00", "", "é",
    ].map { "sample.\($0)" }
    #expect(try folder.names(entryFolder) == (expected + ["sample.error.json"]).sorted())
    #expect(try entry(entryFolder)["files"] as? [String] == expected)
    #expect(try folder.read("\(entryFolder)/sample.a%2Fb") == Array("a/b".utf8))
    #expect(try folder.names() == ["bad"])
  }

  /// A record that comes out of a quarantine has the old error as a field.
  @Test func theErrorOfAnEarlierFailureIsReplaced() throws {
    let writer = QuarantineWriter(path: path)
    #expect(writer.keep(failure, Files { [("png", [1]), ("error.json", [2])] }) == nil)
    let entry = try entry("\(onlyWorker())/000000")
    #expect(entry["files"] as? [String] == ["sample.png"])
    #expect(entry["code"] as? String == "malformedImage")
  }

  @Test func workersDoNotWriteToEachOthersFolders() throws {
    let writers = (0..<3).map { _ in QuarantineWriter(path: path) }
    for _ in 0..<2 { for writer in writers { #expect(writer.keep(failure, 1) == nil) } }
    let workers = try folder.names("bad")
    #expect(workers.count == 3)
    for worker in workers { #expect(try folder.names("bad/\(worker)") == ["000000", "000001"]) }
  }

  @Test func manyThreadsKeepEachSampleOnce() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let writer = QuarantineWriter(path: path)
    try Threads.run(4) { lane in
      for position in lane * 50..<(lane + 1) * 50 {
        writer.keep(SampleFailure(epoch: 0, position: position, error: HeadraceError(.stageFailed, "m")), position)
      }
    }
    let worker = try onlyWorker()
    let positions = try folder.names(worker).map { name in
      let position = try #require(try entry("\(worker)/\(name)")["position"] as? Int)
      #expect(try folder.read("\(worker)/\(name)/sample.txt") == Array("\(position)".utf8))
      return position
    }
    #expect(positions.sorted() == Array(0..<200))
    #expect(writer.keptCount == 200 && writer.lostCount == 0)
  }

  @Test func withoutAFailureNothingIsCreated() throws {
    _ = QuarantineWriter(path: path)
    #expect(try folder.names() == [])
  }

  @Test func aFolderThatCannotBeWrittenIsToldOnceAndCounted() throws {
    try folder.write("bad")
    let writer = QuarantineWriter(path: path)
    let problem = try #require(writer.keep(failure, 1))
    #expect(problem.code == .inputOutput)
    #expect(
      problem.message.hasPrefix("Creating folder \(path)/") && problem.message.contains("give a folder, not a file"))
    #expect(problem.message.hasSuffix("This and further samples are left out of the quarantine and counted."))
    #expect(problem.stage == "decode" && problem.sample?.key == "n01/é")
    for _ in 0..<3 { #expect(writer.keep(failure, 1) == nil) }
    #expect(writer.keptCount == 0 && writer.lostCount == 4)
  }

  /// By who has looked at what was in it, while the run goes on.
  @Test func aFolderThatIsRemovedMeanwhileIsMadeAnew() throws {
    let writer = QuarantineWriter(path: path)
    #expect(writer.keep(failure, 1) == nil)
    for removed in [try onlyWorker(), "bad"] {
      try FileManager.default.removeItem(atPath: folder.file(removed))
      for _ in 0..<2 { #expect(writer.keep(failure, 1) == nil) }
      #expect(try folder.names(onlyWorker()).count == 2)
    }
    #expect(writer.keptCount == 5 && writer.lostCount == 0)
  }

  @Test func aParentThatIsNotThereIsNotCreated() throws {
    let writer = QuarantineWriter(path: folder.file("none/bad"))
    #expect(writer.keep(failure, 1)?.code == .notFound)
    #expect(try folder.names() == [])
  }

  @Test func anEntryThatCannotBeWrittenLeavesNothingBehind() throws {
    let writer = QuarantineWriter(path: path)
    let long = String(repeating: "l", count: 300)
    #expect(
      writer.keep(failure, Files { [("png", [1]), (long, [2])] })?.message.contains("File name too long") == true)
    #expect(try folder.names("bad").count == 1 && folder.names(onlyWorker()) == [])
    #expect(writer.keep(failure, 1) == nil)
    #expect(try folder.names(onlyWorker()) == ["000001"])
    #expect(writer.keptCount == 1 && writer.lostCount == 1)
  }

  @Test func whatAKilledWorkerHasLeftHalfIsRemovedByTheNext() throws {
    let dead = "20260730T135522Z-4711"
    try folder.write("bad/\(dead)/000000/sample.error.json")
    try folder.write("bad/.\(dead)-000001.partial/sample.png")
    // Its folder was deleted by somebody.
    try folder.write("bad/.20260730T135523Z-4712-2-1000001.partial/sample.error.json")
    // What is not ours stays.
    var others = [
      ".hidden", ".\(dead)-00001.partial", ".\(dead)-000001.other", ".-000001.partial", ".photos-123456.partial",
      ".20260730-4711-000001.partial",
    ]
    for other in others { try folder.write("bad/\(other)/x") }
    try folder.write("elsewhere/x")
    others.append(".\(dead)-000002.partial")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("bad/.\(dead)-000002.partial"), withDestinationPath: folder.file("elsewhere"))
    #expect(QuarantineWriter(path: path).keep(failure, 1) == nil)
    let worker = try #require(try folder.names("bad").first { $0 != dead && !$0.hasPrefix(".") })
    #expect(try folder.names("bad") == (others + [dead, worker]).sorted())
    #expect(try folder.names("bad/\(dead)") == ["000000"])
    for other in others { #expect(try folder.names("bad/\(other)") == ["x"]) }
  }

  /// Without it, whoever comes next could take the lock, and remove what this writer is about to finish.
  @Test func aSampleIsLostWhereTheLockOfTheFolderCannotBeOpened() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let path = folder.file("bad")
      let writer = QuarantineWriter(path: path)
      let failure = SampleFailure(epoch: 0, position: 0, error: HeadraceError(.stageFailed, "m"))
      var limit = rlimit()
      unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      var none = limit
      none.rlim_cur = 0
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
      let problem = writer.keep(failure, 1)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      try #require(problem?.message.contains("Opening folder") == true)
      try #require(try folder.names("bad") == [])
      try #require(writer.keep(failure, 1) == nil)
      try #require(writer.keptCount == 1 && writer.lostCount == 1)
      try #require(QuarantineWriter(path: path).keep(failure, 1) == nil)
    }
  }

  @Test func whatALiveWorkerIsWritingStays() throws {
    var live: QuarantineWriter? = QuarantineWriter(path: path)
    #expect(live?.keep(failure, 1) == nil)
    let worker = try #require(try folder.names("bad").first)
    let partial = ".\(worker)-000001.partial"
    try folder.write("bad/\(partial)/sample.txt")
    #expect(QuarantineWriter(path: path).keep(failure, 1) == nil)
    #expect(try folder.names("bad").contains(partial))
    live = nil
    #expect(QuarantineWriter(path: path).keep(failure, 1) == nil)
    #expect(try !folder.names("bad").contains(partial))
  }

  @Test func beyondTheLimitSamplesAreCounted() throws {
    let writer = QuarantineWriter(path: path, entryLimit: 2)
    #expect(writer.keep(failure, 1) == nil)
    #expect(writer.keep(failure, 1) == nil)
    let problem = try #require(writer.keep(failure, 1))
    #expect(problem.code == .limitExceeded && problem.message.contains("2 samples of this worker, its limit"))
    #expect(writer.keep(failure, 1) == nil)
    #expect(try folder.names(onlyWorker()).count == 2)
    #expect(writer.keptCount == 2 && writer.lostCount == 2)
  }

  @Test func everyKeyIsOnThePage() throws {
    let writer = QuarantineWriter(path: path)
    writer.keep(failure, 1)
    let keys = try entry("\(onlyWorker())/000000").keys.sorted()
    let page = try FormatPage(named: "quarantine")
    #expect(try page.table("The error", "key").rows.map { $0[0] } == keys.map { "`\($0)`" })
    let text = String(decoding: try folder.read("\(onlyWorker())/000000/sample.error.json"), as: UTF8.self)
    #expect(text.hasPrefix("{\"cause\":\"no signature\",\"code\":"), "in alphabetical order")
    #expect(text.hasSuffix("}\n") && text.count { $0 == "\n" } == 1, "one line")
  }

  /// A sample whose files are what the test says.
  private struct Files: Storable, Sendable {
    let make: @Sendable () throws -> [(String, [UInt8])]
    init(_ make: @escaping @Sendable () throws -> [(String, [UInt8])]) { self.make = make }
    init(storedBytes: Span<UInt8>) { make = { [] } }
    func store(into bytes: inout [UInt8]) {}
    func inspectableFiles() throws -> [(name: String, bytes: [UInt8])] { try make().map { (name: $0.0, bytes: $0.1) } }
  }

  private func onlyWorker() throws -> String {
    let workers = try folder.names("bad")
    #expect(workers.count == 1, "\(workers)")
    return "bad/\(try #require(workers.first))"
  }

  private func entry(_ name: String) throws -> [String: Any] {
    let data = Data(try folder.read("\(name)/sample.error.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
}
