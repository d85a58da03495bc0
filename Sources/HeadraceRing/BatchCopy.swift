import HeadraceCore

/// A batch in private memory, for whoever has to keep many without holding slots. Can be made into batches repeatedly.
@safe
public final class BatchCopy: @unchecked Sendable {
  /// The epoch of the batch that was copied, from 0.
  public let epoch: Int
  /// The number of the batch that was copied. Copies of one batch have the same.
  public let sequence: Int
  /// Samples in it. Rows from here to `rowCount` are padding.
  public let count: Int
  /// Rows of each tensor, padding included.
  public let rowCount: Int
  /// The tensors, with the places in the payload that they had in the slot.
  public let tensors: [BatchTensor]
  let positions: [Int]
  @unsafe let payload: UnsafeRawBufferPointer

  /// Copies a batch, whose slot can go back then.
  ///
  /// - Complexity: O(bytes): the one copy that is made.
  public init(_ batch: borrowing Batch) throws(HeadraceError) {
    epoch = batch.epoch
    sequence = batch.sequence
    count = batch.count
    rowCount = batch.rowCount
    tensors = batch.tensors
    var positions: [Int] = []
    for row in 0..<batch.count { positions.append(try batch.position(ofRow: row)) }
    self.positions = positions
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(BatchTensor.payloadByteCount(batch.tensors), 1), alignment: BatchTensor.alignment)
    unsafe payload = UnsafeRawBufferPointer(memory)
    for tensor in batch.tensors {
      let bytes = try batch.bytes(tensor.name)
      unsafe bytes.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[tensor.byteOffset...]).copyMemory(from: source)
      }
    }
  }

  deinit {
    unsafe payload.deallocate()
  }
}
