import HeadraceFuzz
import Testing

/// What `make fuzz` begins with, and what it has found: each file once more, without the fuzzer.
@Suite struct CorpusTests {
  @Test(arguments: FuzzTarget.allCases)
  func everyFileOfTheCorpusIsReadAlikeInEveryWayOrRefused(_ target: FuzzTarget) throws {
    let files = try FuzzCorpus.files(of: target)
    #expect(files.count >= 10)
    for file in files {
      #expect(throws: Never.self, "\(file.name)") { try target.run(file.bytes) }
    }
  }

  @Test(arguments: FuzzTarget.allCases)
  func everyPrefixOfASmallFileIsReadAlikeInEveryWayOrRefused(_ target: FuzzTarget) throws {
    let file = try #require(FuzzCorpus.files(of: target).min { $0.bytes.count < $1.bytes.count })
    for count in file.bytes.indices {
      #expect(throws: Never.self, "\(count) bytes of \(file.name)") { try target.run(Array(file.bytes[..<count])) }
    }
  }
}
