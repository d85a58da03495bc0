import HeadraceCore

extension Pipeline {
  /// Keeps all samples of the first epoch, and hands them on in those that follow, without the stages before it.
  ///
  /// What is before it decides once for all epochs: put it before a shuffle and before augmentations. An epoch that ends
  /// early or fails keeps nothing. A cache on disk is found by later runs; what is before it must then be the same: the
  /// names of its stages and sources are compared, what their closures do is not.
  ///
  /// - Parameter cache: where to.
  public func cache(_ cache: Cache, name: String = "cache") -> Pipeline<Element> {
    let description = StageDescription(kind: .cache, name: name)
    let fingerprint = stages.map { "\($0.kind.rawValue) \($0.name)" }.joined(separator: ", ")
    let stage = StageBlueprint(description, inputs: [output], mistake: Self.mistake(cache)) { assembly in
      let memory = assembly.stage.memory.value { CacheNode.Memory(Self.makeStore(cache, fingerprint)) }
      return CacheNode(memory, assembly)
    }
    return Pipeline(output: StageOutput(stage: stage), limits: limits)
  }

  private static func mistake(_ cache: Cache) -> String? {
    switch cache {
    case .memory(let bytes): bytes < 1 ? "cache(.memory(bytes: \(bytes))) is not possible; it must be 1 or more." : nil
    case .disk:
      Element.self is any Storable.Type
        ? nil
        : "\(Element.self) cannot be cached on disk, since it is not Storable; conform it, or use .memory(bytes:)."
    }
  }

  private static func makeStore(_ cache: Cache, _ fingerprint: String) -> any CacheStore {
    switch cache {
    case .memory(let bytes): return MemoryCacheStore(byteLimit: bytes)
    case .disk(let path):
      func make<Kind: Storable & Sendable>(_: Kind.Type) -> any CacheStore {
        DiskCacheStore<Kind>(path: path, fingerprint: fingerprint)
      }
      guard let kind = Element.self as? any (Storable & Sendable).Type else {
        preconditionFailure("the plan let a cache on disk of \(Element.self) pass")
      }
      return make(kind)
    }
  }
}
