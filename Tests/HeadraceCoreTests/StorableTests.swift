import Testing

@testable import HeadraceCore

/// What was stored is made again, and nothing else is.
@Suite struct StorableTests {
  @Test func numbersAreMadeAgain() throws {
    try expectMadeAgain(UInt8.max, UInt8(0))
    try expectMadeAgain(Int8.min, Int8.max, -1)
    try expectMadeAgain(UInt16.max, UInt16(1))
    try expectMadeAgain(Int16.min, Int16.max)
    try expectMadeAgain(UInt32.max, UInt32(1))
    try expectMadeAgain(Int32.min, Int32.max)
    try expectMadeAgain(UInt64.max, UInt64(1))
    try expectMadeAgain(Int64.min, Int64.max)
    try expectMadeAgain(UInt.max, UInt(1))
    try expectMadeAgain(Int.min, Int.max)
    try expectMadeAgain(Float16.greatestFiniteMagnitude, -Float16.leastNonzeroMagnitude, .infinity)
    try expectMadeAgain(BFloat16(1.5), BFloat16(-.infinity))
    try expectMadeAgain(Float.greatestFiniteMagnitude, -Float.leastNonzeroMagnitude, .infinity)
    try expectMadeAgain(Double.greatestFiniteMagnitude, -Double.leastNonzeroMagnitude, .infinity)
    try expectMadeAgain(true, false)
  }

  @Test func textIsMadeAgain() throws {
    try expectMadeAgain("", "naïve", "e\u{301}", "👩‍🚀\0\n")
    #expect(try made(String.self, stored("e\u{301}")).unicodeScalars.count == 2)
  }

  @Test func arraysAreMadeAgain() throws {
    try expectMadeAgain([UInt8](), [UInt8](0...255))
    try expectMadeAgain([Float](), [1.5, -2, .infinity])
    try expectMadeAgain([Int](), [Int.min, 0, Int.max])
    try expectMadeAgain([true, false, true])
    try expectMadeAgain([String](), ["a", "", "b\nc"])
    try expectMadeAgain([[UInt8]](), [[1, 2], [], [3]])
    try expectMadeAgain([[["a"], []], [], [["b", "c"]]])
  }

  @Test func sampleNamesAreMadeAgain() throws {
    try expectMadeAgain(
      SampleID(key: ""), SampleID(key: "a/b"), SampleID(key: "7", path: "a.tar"), SampleID(key: "7", path: ""),
      SampleID(key: "7", path: "a.tar", offset: 0), SampleID(key: "7", offset: 1 << 40))
  }

  @Test func whatIsInTheBytesAlreadyStays() throws {
    var bytes: [UInt8] = [9]
    try [UInt16(1), 2].store(into: &bytes)
    #expect(bytes == [9, 1, 0, 2, 0])
  }

  @Test func numbersAreStoredLittleEndianWithoutAnythingBetween() throws {
    #expect(try stored(UInt32(0x0102_0304)) == [4, 3, 2, 1])
    #expect(try stored([UInt32(1), 2]) == [1, 0, 0, 0, 2, 0, 0, 0])
    #expect(try stored(Float(1)) == [0, 0, 0x80, 0x3F])
  }

  @Test func aNumberOfOtherBytesIsRefusedWithBothCounts() throws {
    #expect(
      failure { _ = try made(Int32.self, [1, 2, 3]) }?.message
        == "A stored Int32 has 4 bytes, here are 3; these bytes were stored by another type, or by another version of"
        + " it: store it anew.")
    for count in [0, 1, 7, 9] {
      let bytes = [UInt8](repeating: 0, count: count)
      #expect(failure { _ = try made(Double.self, bytes) }?.code == .malformedCache)
    }
  }

  @Test func bytesThatNobodyStoredAreRefused() {
    #expect(failure { _ = try made(Bool.self, [2]) }?.code == .malformedCache)
    #expect(failure { _ = try made(Bool.self, [UInt8]()) }?.code == .malformedCache)
    #expect(failure { _ = try made(String.self, [0xFF]) }?.code == .malformedCache)
    #expect(failure { _ = try made([UInt16].self, [1, 2, 3]) }?.code == .malformedCache)
    #expect(failure { _ = try made([String].self, [1, 2, 3]) }?.code == .malformedCache)
  }

  @Test func eachCutOfPartsIsAnError() throws {
    let bytes = try stored(SampleID(key: "key", path: "path", offset: 3))
    for count in 0..<bytes.count {
      // Without the path it is a name as well.
      if count == 8 + 3 + 8 + 8 { continue }
      #expect(failure { _ = try made(SampleID.self, Array(bytes[..<count])) }?.code == .malformedCache, "\(count)")
    }
  }

  @Test func aPartThatClaimsMoreThanThereIsIsRefused() throws {
    for claim in [UInt64(1), 1 << 40, 1 << 63, .max] {
      var bytes: [UInt8] = []
      claim.store(into: &bytes)
      let error = failure { _ = try made([String].self, bytes) }
      #expect(error?.message.contains("a String, needs \(claim) bytes at byte 0 of 8") == true)
    }
  }

  @Test func aPartThatCannotBeStoredLeavesNothing() throws {
    var bytes: [UInt8] = [1]
    #expect(throws: Unstorable.Refused.self) { try StoredParts.append(Unstorable(), to: &bytes) }
    #expect(bytes == [1])
  }

  @Test func textAndNumbersAreFilesThatPeopleCanRead() throws {
    #expect(files(Int32(-7)) == ["txt": Array("-7".utf8)])
    #expect(files("naïve") == ["txt": Array("naïve".utf8)])
    #expect(files([UInt8](0...3)) == ["bin": [0, 1, 2, 3]])
  }

  @Test func arraysAndTextCountTheirBytes() {
    #expect([Float](repeating: 0, count: 3).byteCount == 12)
    #expect([UInt8](repeating: 0, count: 3).byteCount == 3)
    #expect("naïve".byteCount == 6)
  }

  /// Stores half of itself, then refuses.
  private struct Unstorable: Storable {
    struct Refused: Error {}
    init() {}
    init(storedBytes: Span<UInt8>) {}
    func store(into bytes: inout [UInt8]) throws {
      bytes += [2, 3]
      throw Refused()
    }
  }

  /// The macro does not take a span of what is gone after the call.
  private func made<Value: Storable>(_: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try Value(storedBytes: bytes.span)
  }

  private func stored(_ value: some Storable) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try value.store(into: &bytes)
    return bytes
  }

  private func files(_ value: some Storable) -> [String: [UInt8]]? {
    (try? value.inspectableFiles()).map { Dictionary($0.map { ($0.name, $0.bytes) }, uniquingKeysWith: { $1 }) }
  }

  private func expectMadeAgain<Value: Storable & Equatable>(_ values: Value...) throws {
    for value in values { #expect(try made(Value.self, stored(value)) == value) }
    // The values together, as elements.
    #expect(try made([Value].self, stored(values)) == values)
  }

  private func failure(_ body: () throws -> Void) -> HeadraceError? {
    do { try body() } catch { return error as? HeadraceError }
    return nil
  }
}
