import HeadraceCore

/// Reads the records of shards, one shard after the other. Used by one thread at a time.
///
/// A damaged shard gives one error in place of its remaining records; the call after that goes on with the next shard.
/// The record before the damage is among those: whether more of its files would have followed is not known.
public final class ShardReader: SourceReader {
  /// The files of one sample, read into memory.
  public typealias Element = Record

  private let shards: [String]
  private let limits: ShardLimits
  private var nextShard = 0
  private var buffers: ShardBuffers?
  private var current: SampleReader<ShardStream<FileStream>>?

  init(_ shards: [String], limits: ShardLimits) {
    self.shards = shards
    self.limits = limits
  }

  /// The next record; nil after the last one of the last shard.
  ///
  /// - Throws: `malformedShard` with the shard, the offset and the remedy; `limitExceeded` for a sample or a zstd
  ///   window beyond the limits; `notFound` and `inputOutput` if the file cannot be read.
  public func next() throws(HeadraceError) -> Record? {
    while true {
      if current == nil {
        guard nextShard < shards.count else { return nil }
        nextShard += 1
        if buffers == nil { buffers = try ShardBuffers(limits: limits) }
        let stream = ShardStream(try FileStream(shards[nextShard - 1]), buffers: buffers!)
        current = SampleReader(stream, limits: limits)
      }
      do throws(HeadraceError) {
        if let record = try current!.next() { return record }
        current = nil
      } catch {
        current = nil
        throw error
      }
    }
  }
}
