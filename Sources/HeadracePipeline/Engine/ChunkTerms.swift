/// What holds for all samples of a chunk.
struct ChunkTerms: Sendable {
  /// How often they were tried before.
  var attempt = 0
  /// Bytes that were granted for the result of each.
  var grantedByteCount = 0
}
