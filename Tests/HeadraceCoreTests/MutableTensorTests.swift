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
