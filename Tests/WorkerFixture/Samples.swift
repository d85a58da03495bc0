import Headrace

/// Batches whose contents tell whether they are intact, and sources that misbehave when asked to.
enum Samples {
  static let spec = BatchSpec(size: 10, TensorSpec("x", .int64), TensorSpec("fill", .int64, shape: [64]))

  static func write(_ value: Int, to row: inout Row) throws {
    try row.write(Int64(value), to: "x")
    try row.write(contentsOf: (0..<64).map { Int64(value * 31 + $0) }, to: "fill")
  }

  /// The samples of a batch.
  ///
  /// - Throws: `Corrupt` when its bytes are not those that were written.
  static func values(_ batch: borrowing Batch) throws -> [Int] {
    let x = try batch.tensor("x", as: Int64.self)
    let fill = try batch.tensor("fill", as: Int64.self)
    var values: [Int] = []
    for row in 0..<batch.count {
      for place in 0..<64 where fill[row * 64 + place] != x[row] * 31 + Int64(place) {
        throw Corrupt(sequence: batch.sequence, row: row)
      }
      values.append(Int(x[row]))
    }
    return values
  }

  struct Corrupt: Error {
    let sequence: Int
    let row: Int
  }

  /// 0..<count through a stage and into batches.
  static func pipeline(
    _ count: Int, stage: @escaping @Sendable (Int) throws -> Int = { $0 }
  ) -> BatchPipeline {
    Pipeline(from: 0..<count).map("decode", stage).batch(spec) { try write($0, to: &$1) }
  }
}

/// Counts from 0, and calls back at each step.
struct HookedSource: Source {
  let length: Int
  var opening: @Sendable (_ epoch: Int) throws -> Void = { _ in }
  var reading: @Sendable (_ position: Int) throws -> Void = { _ in }
  var closing: @Sendable () -> Void = {}

  var name: String { "hooked" }

  func makeReader(epoch: Int) throws -> Reader {
    try opening(epoch)
    return Reader(length: length, reading: reading, file: File(closing))
  }

  /// What a reader of files has open.
  final class File {
    private let closing: @Sendable () -> Void
    init(_ closing: @escaping @Sendable () -> Void) { self.closing = closing }
    deinit { closing() }
  }

  struct Reader: SourceReader {
    let length: Int
    let reading: @Sendable (Int) throws -> Void
    let file: File
    var position = 0

    mutating func next() throws -> Int? {
      guard position < length else { return nil }
      try reading(position)
      defer { position += 1 }
      return position
    }
  }
}

/// Keeps a batch for as long as this object lives.
final class Held: Sendable {
  let batch: Batch
  init(_ batch: consuming Batch) { self.batch = batch }
}

/// What a closure of a scenario throws.
struct Mishap: Error, CustomStringConvertible {
  let description: String
}
