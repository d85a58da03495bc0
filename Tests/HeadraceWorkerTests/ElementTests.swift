import Headrace
import Testing

@Suite struct ElementTests {
  /// Writes `values` as a row and as scalars, and reads both from the batch that arrives.
  private func roundTrip<Element: TensorElement & Equatable>(_ values: [Element]) throws {
    let spec = BatchSpec(
      size: values.count, TensorSpec("row", Element.dtype, shape: [values.count]), TensorSpec("scalar", Element.dtype))
    let pipeline = Pipeline(from: values.indices).batch(spec) { index, row in
      try row.write(contentsOf: values, to: "row")
      try row.write(values[index], to: "scalar")
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 2, epochs: 1, placement: .sameProcess)
    guard let batch = try batches.next() else {
      Issue.record("no batch of \(Element.self)")
      return
    }
    let rows = try batch.tensor("row", as: Element.self)
    let scalars = try batch.tensor("scalar", as: Element.self)
    #expect(rows.count == values.count * values.count)
    for index in rows.indices where rows[index] != values[index % values.count] {
      Issue.record("element \(index) is \(rows[index]), not \(values[index % values.count])")
    }
    for index in scalars.indices where scalars[index] != values[index] {
      Issue.record("sample \(index) is \(scalars[index]), not \(values[index])")
    }
  }

  @Test func everyTypeOfNumberArrivesAsItWasWritten() throws {
    try roundTrip([0, 7, .max] as [UInt8])
    try roundTrip([.min, -1, .max] as [Int8])
    try roundTrip([0, 258, .max] as [UInt16])
    try roundTrip([.min, -1, .max] as [Int16])
    try roundTrip([0, 1 << 20, .max] as [UInt32])
    try roundTrip([.min, -1, .max] as [Int32])
    try roundTrip([0, 1 << 40, .max] as [UInt64])
    try roundTrip([.min, -1, .max] as [Int64])
    try roundTrip([-2.5, .greatestFiniteMagnitude, .infinity, .leastNonzeroMagnitude] as [Float16])
    try roundTrip([BFloat16(-2.5), BFloat16(3.1415926), BFloat16(.infinity)])
    try roundTrip([-2.5, .greatestFiniteMagnitude, .infinity] as [Float])
    try roundTrip([-2.5, .greatestFiniteMagnitude, .infinity] as [Double])
    try roundTrip([true, false, true, true])
  }
}
