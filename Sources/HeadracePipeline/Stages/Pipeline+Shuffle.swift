import HeadraceCore

extension Pipeline {
  /// Hands on samples in an order chosen at random, as far as a buffer reaches.
  ///
  /// The stage keeps `size` samples. Each that comes takes the place of one of them, chosen at random, which leaves; at
  /// the end of the epoch the others leave. So the first leaves when the buffer is full, and none leaves more than
  /// `size` places early: samples that lie far apart, such as in two shards, are not mixed. A source that reads its
  /// data in another order each epoch mixes all of it, and needs no memory for samples.
  ///
  /// The order follows from `seed`, epoch, `name` and the order of what comes in, and from nothing else: not from the
  /// number of threads, nor from the time. Each epoch has another, and before a `repeat` each pass: it counts as epoch
  /// `epoch * count + pass`.
  ///
  /// - Parameters:
  ///   - size: samples that are kept, 1 to 2^24: as they come in, so shuffle records rather than decoded images.
  ///   - seed: another seed gives another order.
  ///   - name: the stage's name among the stages.
  /// - Complexity: O(1) for each sample.
  public func shuffle(size: Int, seed: UInt64, name: String = "shuffle") -> Pipeline<Element> {
    appending(
      StageDescription(kind: .shuffle, name: name, details: "\(size) \(seed)"),
      mistake: (1...(1 << 24)).contains(size)
        ? nil : "shuffle(size: \(size)) is not possible; it must be 1 to \(1 << 24)."
    ) { stage in
      ShuffleOperator(size: size, random: CounterRandom(seed: seed, epoch: stage.readerEpoch, stage: name))
    }
  }
}
