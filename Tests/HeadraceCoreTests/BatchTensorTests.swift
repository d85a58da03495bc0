import HeadraceCore
import Testing

@Suite struct BatchTensorTests {
  @Test func tensorsAreAlignedAndDoNotOverlapForAnyTypeAndShape() {
    for first in DType.allCases {
      for second in DType.allCases {
        for shape in [[], [1], [3], [5, 7], [2, 3, 4]] {
          for rows in [1, 2, 31, 256] {
            let spec = BatchSpec(
              size: rows, TensorSpec("a", first, shape: shape), TensorSpec("b", second), TensorSpec("c", first))
            let tensors = BatchTensor.layOut(spec, rows: rows)
            var end = 0
            for (tensor, declared) in zip(tensors, spec.tensors) {
              #expect(tensor.byteOffset.isMultiple(of: 256))
              #expect(tensor.byteOffset >= end)
              #expect(tensor.byteOffset - end < 256)
              #expect(tensor.byteCount == rows * declared.byteCount)
              #expect(tensor.shape == [rows] + declared.shape)
              #expect(tensor.name == declared.name)
              #expect(tensor.dtype == declared.dtype)
              end = tensor.byteOffset + tensor.byteCount
            }
            #expect(BatchTensor.payloadByteCount(tensors) == end)
          }
        }
      }
    }
  }

  @Test func thePayloadReachesToTheTensorThatEndsLast() {
    let early = BatchTensor(name: "a", dtype: .uint8, shape: [1000], byteOffset: 0)
    let late = BatchTensor(name: "b", dtype: .uint8, shape: [1], byteOffset: 256)
    #expect(BatchTensor.payloadByteCount([late, early]) == 1000)
    #expect(BatchTensor.payloadByteCount([]) == 0)
  }
}
