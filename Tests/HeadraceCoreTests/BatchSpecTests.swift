import HeadraceCore
import Testing

@Suite struct BatchSpecTests {
  private func mistake(_ spec: BatchSpec) -> HeadraceError? {
    do throws(HeadraceError) {
      try spec.validate()
      return nil
    } catch {
      return error
    }
  }

  @Test func limitsThemselvesAreAllowed() {
    let name = String(repeating: "n", count: BatchSpec.maximumNameByteCount)
    let shape = Array(repeating: 1, count: BatchSpec.maximumRank)
    #expect(mistake(BatchSpec(size: 1, TensorSpec(name, .bool, shape: shape))) == nil)
    #expect(mistake(BatchSpec(size: BatchSpec.maximumSize, TensorSpec("x", .uint8))) == nil)
    let tensors = (0..<BatchSpec.maximumTensorCount).map { TensorSpec("t\($0)", .uint8) }
    #expect(mistake(BatchSpec(size: 1, tensors: tensors)) == nil)
  }

  @Test func eachMistakeNamesItsValue() {
    let x = TensorSpec("x", .uint8)
    let long = String(repeating: "ü", count: 24)
    let mistakes: [(BatchSpec, [String])] = [
      (BatchSpec(size: 0, x), ["0 samples", "1 to 1048576"]),
      (BatchSpec(size: -3, x), ["-3 samples"]),
      (BatchSpec(size: 1 << 20 + 1, x), ["\(1 << 20 + 1) samples"]),
      (BatchSpec(size: 1, tensors: []), ["at least one TensorSpec"]),
      (BatchSpec(size: 1, tensors: (0..<17).map { TensorSpec("t\($0)", .uint8) }), ["at most 16", "has 17"]),
      (BatchSpec(size: 1, x, x), ["\"x\"", "rename one"]),
      (BatchSpec(size: 1, TensorSpec("", .uint8)), ["\"\"", "1 to 47 bytes"]),
      (BatchSpec(size: 1, TensorSpec(long, .uint8)), [long, "1 to 47 bytes"]),
      (BatchSpec(size: 1, TensorSpec("x", .uint8, shape: [3, 0])), ["x uint8[3, 0]", "at least 1"]),
      (BatchSpec(size: 1, TensorSpec("x", .uint8, shape: [-1])), ["x uint8[-1]"]),
      (BatchSpec(size: 1, TensorSpec("x", .uint8, shape: [1, 1, 1, 1, 1, 1, 1])), ["at most 6 dimensions"]),
      (BatchSpec(size: 1024, TensorSpec("x", .float64, shape: [Int.max])), ["exceeds the address space", "1024"]),
      (BatchSpec(size: 1024, TensorSpec("x", .uint8, shape: [1 << 36])), ["exceeds the address space"]),
    ]
    for (spec, parts) in mistakes {
      let error = mistake(spec)
      #expect(error?.code == .invalidPipeline)
      for part in parts { #expect(error?.message.contains(part) == true, "\(part) in \(String(describing: error))") }
    }
  }
}
