import Headrace
import HeadraceSystem
import Testing

extension WorkerFaults {
  @Suite struct RingLifetimeTests {
    private func descriptorCount() throws -> Int { try FileSystem.entries(of: "/proc/self/fd").count }

    /// A worker on threads of this process has to let go of its ring when it is dropped: memory and descriptors.
    @Test func sameProcessLoadersThatAreDroppedGiveTheirRingsBack() throws {
      let pipeline = Pipeline(from: 0..<8).batch(BatchSpec(size: 4, TensorSpec("x", .int64))) { value, row in
        try row.write(Int64(value), to: "x")
      }
      func takeOne() throws {
        var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 2, placement: .sameProcess)
        _ = try batches.next()
      }
      try takeOne()
      let before = try descriptorCount()
      for _ in 0..<50 { try takeOne() }
      // Each loader has three; other tests of this process may open some of their own meanwhile.
      #expect(try descriptorCount() < before + 100)
    }
  }
}
