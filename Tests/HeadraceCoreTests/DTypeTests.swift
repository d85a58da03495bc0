import HeadraceCore
import Testing

@Suite struct DTypeTests {
  private func matches<Element: TensorElement>(_: Element.Type, _ name: String) -> Bool {
    Element.dtype.byteCount == MemoryLayout<Element>.stride && Element.dtype.description == name
  }

  @Test func eachSwiftElementHasTheSizeOfItsType() {
    #expect(matches(UInt8.self, "uint8"))
    #expect(matches(Int8.self, "int8"))
    #expect(matches(UInt16.self, "uint16"))
    #expect(matches(Int16.self, "int16"))
    #expect(matches(UInt32.self, "uint32"))
    #expect(matches(Int32.self, "int32"))
    #expect(matches(UInt64.self, "uint64"))
    #expect(matches(Int64.self, "int64"))
    #expect(matches(Float16.self, "float16"))
    #expect(matches(BFloat16.self, "bfloat16"))
    #expect(matches(Float.self, "float32"))
    #expect(matches(Double.self, "float64"))
    #expect(matches(Bool.self, "bool"))
  }

  @Test func numbersOfTypesNeverChange() {
    let published: [(UInt16, String, Int)] = [
      (1, "uint8", 1), (2, "int8", 1), (3, "uint16", 2), (4, "int16", 2), (5, "uint32", 4), (6, "int32", 4),
      (7, "uint64", 8), (8, "int64", 8), (9, "float16", 2), (10, "bfloat16", 2), (11, "float32", 4),
      (12, "float64", 8), (13, "bool", 1),
    ]
    #expect(DType.allCases.count == published.count)
    for (number, name, byteCount) in published {
      #expect(DType(rawValue: number)?.description == name)
      #expect(DType(rawValue: number)?.byteCount == byteCount)
    }
    #expect(DType(rawValue: 0) == nil)
    #expect(DType(rawValue: 14) == nil)
  }
}
