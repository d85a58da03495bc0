import HeadraceCore
import Testing

@Suite struct HeadraceErrorTests {
  private static let codes: [(HeadraceError.Code, UInt32, String)] = [
    (.invalidPipeline, 1, "invalidPipeline"), (.invalidArgument, 2, "invalidArgument"), (.notFound, 3, "notFound"),
    (.inputOutput, 4, "inputOutput"), (.malformedShard, 5, "malformedShard"), (.malformedImage, 6, "malformedImage"),
    (.missingField, 7, "missingField"), (.limitExceeded, 8, "limitExceeded"), (.stageFailed, 9, "stageFailed"),
    (.sourceFailed, 10, "sourceFailed"), (.batchTooLarge, 11, "batchTooLarge"), (.outOfMemory, 12, "outOfMemory"),
    (.forkUnsafe, 13, "forkUnsafe"), (.workerDied, 14, "workerDied"), (.timedOut, 15, "timedOut"),
    (.systemCall, 16, "systemCall"), (.incompatibleRing, 17, "incompatibleRing"), (.noSuchTensor, 18, "noSuchTensor"),
    (.wrongType, 19, "wrongType"), (.tooManyFailures, 20, "tooManyFailures"),
    (.malformedCache, 21, "malformedCache"), (.epochLost, 22, "epochLost"), (.sampleCrashed, 23, "sampleCrashed"),
  ]

  @Test func numbersOfCodesNeverChange() {
    for (code, number, name) in Self.codes {
      #expect(code.rawValue == number)
      #expect(HeadraceError.Code(rawValue: number) == code)
      #expect(code.description == name)
    }
  }

  @Test func numbersOfCodesAreUniqueAndAllListedHere() {
    #expect(Set(Self.codes.map(\.1)).count == Self.codes.count)
    let known = (0...1_000).filter { HeadraceError.Code(rawValue: $0) != nil }
    #expect(known == Self.codes.map(\.1))
  }

  @Test func theDescriptionTellsWhatIsKnownOnOneLine() {
    var error = HeadraceError(.stageFailed, "It failed.")
    #expect("\(error)" == "It failed.")
    error.stage = "decode"
    #expect("\(error)" == "It failed. [stage: decode]")
    error.sample = SampleID(key: "a", path: "x.tar", offset: 512)
    error.cause = "no memory"
    #expect("\(error)" == "It failed. [stage: decode] [sample: a (x.tar, offset 512)] [cause: no memory]")
    error.stage = nil
    error.sample = nil
    #expect("\(error)" == "It failed. [cause: no memory]")
  }

  @Test func theDescriptionRepeatsNothingThatTheMessageTells() {
    let failed = HeadraceError(
      .stageFailed, "Stage \"decode\" failed for sample 7 of epoch 0.", stage: "decode",
      sample: SampleID(key: "sample 7"),
      cause: "bad sector 7")
    #expect("\(failed)" == "\(failed.message) [cause: bad sector 7]")
    let idle = HeadraceError(
      .workerDied, "The worker was killed by signal 9 (SIGKILL) while idle.", stage: "idle",
      cause: "was killed by signal 9 (SIGKILL)")
    #expect("\(idle)" == idle.message)
  }

  @Test(arguments: ["Sample 17 of epoch 0 failed.", "It was sample 17", "Of sample 170 and sample 17, one failed."])
  func aSampleThatTheMessageNamesIsNotNamedAgain(message: String) {
    let error = HeadraceError(.stageFailed, message, sample: SampleID(key: "sample 17"))
    #expect("\(error)" == message)
  }

  @Test func aSampleIsNamedBesideOneWhoseNameBeginsAsItsOwn() {
    let error = HeadraceError(.stageFailed, "Sample 170 failed.", sample: SampleID(key: "sample 17"))
    #expect("\(error)" == "Sample 170 failed. [sample: sample 17]")
  }

  @Test func aSampleIsDescribedByWhatIsKnownOfIt() {
    #expect("\(SampleID(key: "0017"))" == "0017")
    #expect("\(SampleID(key: "0017", path: "a.tar"))" == "0017 (a.tar)")
    #expect("\(SampleID(key: "0017", offset: 9))" == "0017 (offset 9)")
    #expect("\(SampleID(key: "0017", path: "a.tar", offset: 9))" == "0017 (a.tar, offset 9)")
  }
}
