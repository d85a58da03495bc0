/// Choices that hostile bytes make about how they are read: taken from their end, so that a file of the corpus is still
/// that file, and a fuzzer that adds bytes behind it chooses.
struct FuzzChoices {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes.suffix(16)
  }

  /// A number from 0 up to and without `bound`, which is 1 to 65,536.
  mutating func number(below bound: Int) -> Int {
    (Int(rest.popLast() ?? 0) | Int(rest.popLast() ?? 0) << 8) % bound
  }

  mutating func one<Element>(of elements: [Element]) -> Element { elements[number(below: elements.count)] }
}
