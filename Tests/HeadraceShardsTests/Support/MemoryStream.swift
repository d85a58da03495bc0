import HeadraceCore

@testable import HeadraceShards

/// Bytes in memory that arrive in pieces: each read gives at most as many as the next of `pieces`, in turn.
struct MemoryStream: ~Copyable, ReadableStream {
  let name = "memory.tar"
  private let bytes: [UInt8]
  private let pieces: [Int]
  private var position = 0
  private var reads = 0

  init(_ bytes: [UInt8], pieces: [Int] = [.max]) {
    self.bytes = bytes
    self.pieces = pieces
  }

  mutating func read(into output: inout OutputSpan<UInt8>) throws(HeadraceError) {
    let piece = pieces[min(reads, pieces.count - 1)]
    reads += 1
    for byte in bytes[position...].prefix(min(piece, output.freeCapacity)) {
      output.append(byte)
      position += 1
    }
  }
}

/// What comes of a shard in memory: the records before the first error, and the error.
struct Outcome {
  var records: [Record] = []
  var error: HeadraceError?

  init(_ bytes: [UInt8], pieces: [Int] = [.max], limits: ShardLimits = ShardLimits()) {
    do throws(HeadraceError) {
      let stream = ShardStream(MemoryStream(bytes, pieces: pieces), buffers: try ShardBuffers(limits: limits))
      var reader = SampleReader(stream, limits: limits)
      while let record = try reader.next() { records.append(record) }
    } catch {
      self.error = error
    }
  }

  /// Keys, fields and contents as one text, to compare.
  var text: String { records.map(\.text).joined(separator: "\n") }
}

extension Record {
  var text: String {
    let fields = fieldNames.map { name in "\(name)=\((try? bytes(name)).map { "\($0)" } ?? "?")" }
    return "\(sampleID.key)@\(sampleID.offset ?? -1): \(fields.joined(separator: " "))"
  }
}
