/// When an interleave ends.
public enum InterleaveStop: Sendable, Hashable {
  /// When a pipeline has nothing left as its turn comes: the mixture stays as asked for to the last sample.
  case firstExhausted
  /// When all have nothing left: one that ends leaves its turns to the others, and no sample is left out.
  case allExhausted
}
