import Headrace

/// Writes to a batch through a pointer, which the API does not offer.
enum ReadOnlyScenario {
  @safe static func write(_ scenario: Scenario) throws {
    var batches = try runPipelineInSubprocess(Samples.pipeline(100), threads: 2, slots: 4)
    guard let batch = try batches.next() else { return }
    let bytes = try batch.bytes("x")
    emit("attempt", batch.sequence)
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress!).storeBytes(of: 1, as: Int64.self)
    }
    emit("survived", batch.sequence)
  }
}
