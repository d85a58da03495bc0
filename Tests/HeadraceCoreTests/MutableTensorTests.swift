import HeadraceCore
import Testing

@Suite struct MutableTensorTests {
  /// Calls `body` with a tensor over `memory`.
  private func withTensor(
    _ spec: TensorSpec, _ memory: inout [UInt8], _ body: (inout MutableTensor) throws -> Void
  ) rethrows {
    var owner = 0
    try unsafe memory.withUnsafeMutableBytes { bytes in
      var tensor = unsafe MutableTensor(spec: spec, bytes: bytes, owner: &owner)
      try body(&tensor)
    }
  }

  @Test func writtenElementsLieInOrderInMemory() throws {
    let spec = TensorSpec("x", .int32, shape: [2, 3])
    var memory = [UInt8](repeating: 0xFF, count: spec.byteCount)
    try withTensor(spec, &memory) { tensor in
      #expect(tensor.shape == [2, 3])
      #expect(tensor.name == "x")
      var elements = try tensor.elements(as: Int32.self)
      #expect(elements.count == 6)
      for place in 0..<6 { elements[place] = Int32(place) }
    }
    #expect(memory == (0..<6).flatMap { [UInt8($0), 0, 0, 0] })
  }

  private func bytes<Element: TensorElement>(of values: [Element]) throws -> [UInt8] {
    let spec = TensorSpec("x", Element.dtype, shape: [values.count])
    var memory = [UInt8](repeating: 0xFF, count: spec.byteCount)
    try withTensor(spec, &memory) { tensor in
      var elements = try tensor.elements(as: Element.self)
      for place in values.indices { elements[place] = values[place] }
    }
    return memory
  }

  @Test func halvesAndTruthsLieInMemoryAsNumPyHasThem() throws {
    // numpy.array([1, -2, 65504, inf], "<f2").tobytes()
    #expect(try bytes(of: [1, -2, 65504, .infinity] as [Float16]) == [0, 0x3C, 0, 0xC0, 0xFF, 0x7B, 0, 0x7C])
    // torch.tensor([1, -2, 3.1415926], dtype=torch.bfloat16).view(torch.uint8)
    #expect(
      try bytes(of: [BFloat16(1), BFloat16(-2), BFloat16(3.1415926)]) == [0x80, 0x3F, 0, 0xC0, 0x49, 0x40])
    #expect(try bytes(of: [true, false, true]) == [1, 0, 1])
  }

  @Test func anotherElementTypeIsAnErrorThatNamesBoth() throws {
    let spec = TensorSpec("image", .uint8, shape: [4])
    var memory = [UInt8](repeating: 0, count: 4)
    withTensor(spec, &memory) { tensor in
      // A span cannot leave the closure of #expect(throws:).
      do throws(HeadraceError) {
        _ = try tensor.elements(as: Float.self)
        Issue.record("float32 of a uint8 tensor")
      } catch {
        #expect(error.code == .wrongType)
        #expect(
          error.message == "Tensor \"image\" holds uint8, not float32; write uint8 or change its TensorSpec.")
      }
    }
  }

  @Test func aTypeOfTheSameSizeIsStillAnotherType() {
    let spec = TensorSpec("x", .int8)
    var memory: [UInt8] = [7]
    withTensor(spec, &memory) { tensor in
      do throws(HeadraceError) {
        _ = try tensor.elements(as: UInt8.self)
        Issue.record("uint8 of an int8 tensor")
      } catch {
        #expect(error.code == .wrongType)
      }
    }
  }
}
