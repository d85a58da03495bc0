import HeadraceCore

extension Pipeline {
  /// Makes any number of values of each sample: the elements of a sequence, one after the other as they are wanted.
  ///
  /// The sequence is gone through lazily: a sample may stand for a whole shard, or for more crops than there is memory
  /// for. With `.input` the values of one sample stay together and in order; with `.completion` those of `concurrency`
  /// samples are mixed.
  ///
  /// - Parameters:
  ///   - concurrency: sequences gone through at once; each by one thread at a time.
  ///   - onFailure: what an error of the closure does. (Of values that may fail one by one, see the `flatMap` with
  ///     `reading:`: the rest of such a sample is left out, and the sample counts as failed.)
  public func flatMap<Values: Sequence & SendableMetatype>(
    _ name: String = "flatMap", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ transform: @escaping @Sendable (Element) throws -> Values
  ) -> Pipeline<Values.Element> where Values.Element: Sendable, Values.Iterator: SendableMetatype {
    flatMap(name, concurrency, ordering, onFailure, options) { element in
      var iterator = try transform(element).makeIterator()
      return { iterator.next() }
    }
  }

  /// Makes any number of values of each sample by a source reader, whose `next` may throw: of a shard its records.
  ///
  /// - Parameters: as of the `flatMap` whose closure returns a sequence.
  public func flatMap<Reader: SourceReader & SendableMetatype>(
    _ name: String = "flatMap", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    reading transform: @escaping @Sendable (Element) throws -> Reader
  ) -> Pipeline<Reader.Element> {
    flatMap(name, concurrency, ordering, onFailure, options) { element in
      var reader = try transform(element)
      return { try reader.next() }
    }
  }

  private func flatMap<Output: Sendable>(
    _ name: String, _ concurrency: Concurrency, _ ordering: Ordering, _ policy: FailurePolicy, _ options: StageOptions,
    _ open: @escaping @Sendable (Element) throws -> () throws -> Output?
  ) -> Pipeline<Output> {
    let traits = ElementTraits<Output>()
    return appending(StageDescription(.flatMap, name, concurrency, ordering, policy, options)) { assembly in
      FlatMapNode(
        assembly, makeItem: { value, item in traits.item(typed(value), from: item) }
      ) { item in
        let next = try open(typed(item.value))
        return { try next() }
      }
    }
  }
}
