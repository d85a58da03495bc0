import HeadraceCore

/// Memory for one batch. Letting go of it unpublished gives it up.
package protocol BatchBuffer: AnyObject, Sendable {
  /// At least `PipelinePlan.payloadByteCount` bytes, aligned to 256.
  @unsafe var bytes: UnsafeMutableRawBufferPointer { get }

  /// By which other processes know it that have the same memory; 0 where there are none.
  var number: Int { get }

  /// Hands the batch on. Called once, and nothing is written afterwards.
  ///
  /// - Parameters:
  ///   - tensors: what the memory holds.
  ///   - positions: position in the epoch of the sample in each row.
  func publish(tensors: [BatchTensor], positions: [UInt64], epoch: Int) throws(HeadraceError)
}

extension BatchBuffer {
  package var number: Int { 0 }
}
