import HeadraceCore

extension Pipeline {
  /// Gathers samples into groups, which are arrays of `count`, in order.
  ///
  /// For stages that work on several at once. What a trainer is to read is gathered by the `batch` with a `BatchSpec`,
  /// without a copy.
  ///
  /// - Parameters:
  ///   - count: 1 or more.
  ///   - partial: what happens to the last samples of an epoch when they do not fill an array.
  ///   - name: the stage's name among the stages.
  public func batch(_ count: Int, partial: PartialGroup = .emit, name: String = "group") -> Pipeline<[Element]> {
    let settings = GroupSettings(maximum: count, partial: partial)
    return appending(StageDescription(kind: .group, name: name, details: settings.details), mistake: settings.mistake) {
      _ in
      settings.makeOperator(collate: Self.collate)
    }
  }

  /// Gathers samples into groups, as arrays: each leaves when it is full, or when `duration` has passed since its first
  /// sample came, even if none comes any more.
  ///
  /// So where it ends depends on the time: the same data gives other arrays each time. Use it where samples are waited
  /// for, as in serving.
  ///
  /// - Parameters:
  ///   - maximum: samples of a full array, 1 or more.
  ///   - duration: above 0 and at most an hour.
  ///   - partial: what happens to the samples that are left at the end of an epoch.
  ///   - name: the stage's name among the stages.
  public func batch(
    max maximum: Int, within duration: Duration, partial: PartialGroup = .emit, name: String = "group"
  ) -> Pipeline<[Element]> {
    let settings = GroupSettings(maximum: maximum, window: duration, partial: partial)
    var description = StageDescription(kind: .group, name: name, details: settings.details)
    description.dependsOnTime = true
    return appending(description, mistake: settings.mistake) { _ in
      settings.makeOperator(collate: Self.collate)
    }
  }

  /// Gathers samples with the same key into groups, as arrays, such as images of the same size.
  ///
  /// Each key has an array of its own, which leaves when it is full. When more than `openGroups` are open, the one that
  /// was begun first leaves as it is.
  ///
  /// - Parameters:
  ///   - maximum: samples of a full array, 1 or more.
  ///   - duration: the time after which an array leaves that is not full, above 0 and at most an hour; nil: none does.
  ///   - openGroups: keys for which samples are kept, 1 or more.
  ///   - partial: what happens to the samples that are left at the end of an epoch. If they are handed on, those begun
  ///     first come first.
  ///   - name: the stage's name among the stages.
  ///   - onFailure: what an error of the closure does, or a key that is not equal to itself, such as a `nan`.
  ///   - key: what the samples of an array have in common.
  /// - Complexity: O(1) for each sample.
  public func batch<Key: Hashable & Sendable>(
    max maximum: Int, within duration: Duration? = nil, openGroups: Int = 64, partial: PartialGroup = .emit,
    name: String = "group", onFailure: FailurePolicy = .raise, by key: @escaping @Sendable (Element) throws -> Key
  ) -> Pipeline<[Element]> {
    let settings = GroupSettings(
      maximum: maximum, window: duration, openGroups: openGroups, partial: partial,
      key: { try GroupKey.checked(try key(typed($0))) })
    var description = StageDescription(
      kind: .group, name: name, details: settings.details, failurePolicy: onFailure)
    description.dependsOnTime = duration != nil
    return appending(description, mistake: settings.mistake) { _ in settings.makeOperator(collate: Self.collate) }
  }

  /// The elements of a group in an array.
  static func collate(_ group: ItemGroup) -> AnySample { group.elements() as [Element] }
}
