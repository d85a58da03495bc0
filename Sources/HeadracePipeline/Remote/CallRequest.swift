import HeadraceCore

/// What the process that calls a closure has to know beside the sample's bytes, which follow.
package struct CallRequest: Hashable {
  /// Place of the stage in the pipeline's graph.
  package var stage: Int
  /// Position of the sample in its epoch.
  package var position: Int
  /// The epoch, or the pass within it, by which random choices are drawn.
  var epoch: Int
  /// Of a row that is to be written, the buffer's number and the row in it; 0 of others.
  var buffer = 0
  var row = 0

  package static let byteCount = 40

  func store(into bytes: inout [UInt8]) {
    for number in [stage, position, epoch, buffer, row] { number.store(into: &bytes) }
  }

  /// - Throws: `malformedCache` if there are too few bytes.
  package init(_ bytes: Span<UInt8>) throws {
    guard bytes.count >= Self.byteCount else {
      throw HeadraceError.unstorable("A request has \(Self.byteCount) bytes or more, here are \(bytes.count)")
    }
    func number(_ index: Int) throws -> Int { try Int(storedBytes: bytes.extracting(index * 8..<index * 8 + 8)) }
    stage = try number(0)
    position = try number(1)
    epoch = try number(2)
    buffer = try number(3)
    row = try number(4)
  }

  init(stage: Int, position: Int, epoch: Int, buffer: Int = 0, row: Int = 0) {
    self.stage = stage
    self.position = position
    self.epoch = epoch
    self.buffer = buffer
    self.row = row
  }
}
