import Testing

@testable import HeadracePipeline

@Suite struct ErrorDescriptions {
  private enum AugmentError: Error {
    case noCrop
    case badCrop(Int)
  }

  private struct Mishap: Error {
    let value: Int
  }

  private struct Spoken: Error, CustomStringConvertible {
    let description: String
  }

  @Test func aCaseIsNamedWithItsType() {
    #expect(describe(AugmentError.noCrop) == "AugmentError.noCrop")
    #expect(describe(AugmentError.badCrop(3)) == "AugmentError.badCrop(3)")
  }

  @Test func aStructureIsNamedOnce() {
    #expect(describe(Mishap(value: 3)) == "Mishap(value: 3)")
  }

  @Test func anErrorThatHasWordsIsGivenInThem() {
    #expect(describe(Spoken(description: "the lamp is off")) == "the lamp is off")
  }
}
