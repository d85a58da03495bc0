import HeadraceCore
import HeadraceSystem

extension Pipeline {
  /// Keeps all samples of the first epoch, and hands them on in those that follow, without the stages before it.
  ///
  /// What is before it decides once for all epochs: put it before a shuffle and before augmentations. An epoch that
  /// ends early or fails keeps nothing. A cache on disk is found by later runs, and what is before it must then be the
  /// same: kind, name and numbers of each stage, what its source says of itself (`Source.fingerprint`), and the type of
  /// the samples are compared. What closures do, and what lies in the source, cannot be: give `.disk` another `version`
  /// when it changes, or another path.
  ///
  /// - Parameter cache: where to.
  public func cache(_ cache: Cache, name: String = "cache") -> Pipeline<Element> {
    var description = StageDescription(kind: .cache, name: name)
    if case .memory = cache { description.remembersEpochs = true }
    let before = output
    var path: String?
    if case .disk(let file, _) = cache { path = file }
    let stage = StageBlueprint(description, inputs: [output], mistake: Self.mistake(cache), cachePath: path) {
      assembly in
      let memory = assembly.stage.memory.value {
        CacheNode.Memory(Self.makeStore(cache, after: before, assembly.stage))
      }
      return CacheNode(memory, assembly)
    }
    return Pipeline(output: StageOutput(stage: stage), limits: limits)
  }

  private static func mistake(_ cache: Cache) -> String? {
    switch cache {
    case .memory(let bytes) where bytes < 1:
      "cache(.memory(bytes: \(bytes))) is not possible; it must be 1 or more."
    case .disk(let path, _) where !FileSystem.isPossible(path):
      "cache(.disk(path: \(String(reflecting: path)))) is not possible; a path has 1 or more bytes, none of them zero."
    case .disk where !(Element.self is any Storable.Type):
      "\(Element.self) cannot be cached on disk, since it is not Storable; conform it, or use .memory(bytes:)."
    case .memory, .disk: nil
    }
  }

  private static func makeStore(_ cache: Cache, after output: StageOutput, _ stage: StageContext) -> any CacheStore {
    // No room for anything: the samples pass.
    if stage.isTrial { return MemoryCacheStore(byteLimit: 0) }
    switch cache {
    case .memory(let bytes): return MemoryCacheStore(byteLimit: bytes)
    case .disk(let path, let version):
      let fingerprint = CacheFingerprint(of: output, element: Element.self, version: version).text
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
