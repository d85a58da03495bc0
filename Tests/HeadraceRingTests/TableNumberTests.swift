import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

@Suite struct TableNumbering {
  private func tensors(rows: Int, _ name: String = "x") -> [BatchTensor] {
    BatchTensor.layOut(BatchSpec(size: rows, TensorSpec(name, .uint8)), rows: rows)
  }

  @Test func equalTablesInARowHaveOneNumberAndOthersTheNext() {
    let numbers = TableNumbers()
    #expect(numbers.number(of: tensors(rows: 4)) == 1)
    #expect(numbers.number(of: tensors(rows: 4)) == 1)
    #expect(numbers.number(of: tensors(rows: 3)) == 2)
    #expect(numbers.number(of: tensors(rows: 4)) == 3)
    #expect(numbers.number(of: tensors(rows: 4, "y")) == 4)
    #expect(numbers.number(of: tensors(rows: 4, "y")) == 4)
  }

  @Test func aBatchWithoutTensorsHasANumberToo() {
    #expect(TableNumbers().number(of: []) == 1)
  }

  /// Every sequence of three sizes out of three, through the same slots.
  @Test func theConsumerSeesEachBatchsOwnShape() throws {
    for sizes in (0..<27).map({ [$0 % 3 + 1, $0 / 3 % 3 + 1, $0 / 9 + 1] }) {
      let ring = try Ring.small(slots: 2, rows: 3)
      let producer = RingProducer(ring)
      var consumer = RingConsumer(ring)
      for (sequence, rows) in sizes.enumerated() {
        try producer.claim().take().publish(
          tensors: tensors(rows: rows), positions: (0..<rows).map(UInt64.init), epoch: 0, sequence: sequence)
        let held = try consumer.take()
        #expect(try held.batch.shape(of: "x") == [rows] && held.batch.rowCount == rows, "\(sizes)")
      }
    }
  }
}
