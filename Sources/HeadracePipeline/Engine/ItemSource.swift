import HeadraceCore

/// A source, whatever the type of its samples: what `SourceNode` reads.
@usableFromInline struct ItemSource: Sendable {
  /// Reads the next sample, which will have that position; nil after the last. Used by one thread at a time.
  @usableFromInline typealias Reader = (_ position: Int) throws -> Item?

  let name: String
  let fingerprint: @Sendable () -> String
  let validate: @Sendable () throws(HeadraceError) -> Void
  let makeReader: @Sendable (_ epoch: Int) throws -> Reader

  @usableFromInline init(
    name: String, fingerprint: @escaping @Sendable () -> String,
    validate: @escaping @Sendable () throws(HeadraceError) -> Void,
    makeReader: @escaping @Sendable (_ epoch: Int) throws -> Reader
  ) {
    self.name = name
    self.fingerprint = fingerprint
    self.validate = validate
    self.makeReader = makeReader
  }

  @inlinable init<S: Source>(_ source: S) {
    let traits = ElementTraits<S.Element>()
    self.init(
      name: source.name, fingerprint: { source.fingerprint },
      validate: { () throws(HeadraceError) in try source.validate() },
      makeReader: { epoch in
        var reader = try source.makeReader(epoch: epoch)
        return { position in try reader.next().map { traits.item($0, position: position) } }
      })
  }
}
