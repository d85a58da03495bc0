import HeadraceCore

/// What the elements of one type can tell of themselves.
///
/// Asked once for the type rather than for each element: a dynamic cast costs as much as a small stage.
@usableFromInline struct ElementTraits<Element: Sendable>: Sendable {
  @usableFromInline let identify: (@Sendable (Element) -> SampleID)?
  @usableFromInline let measure: (@Sendable (Element) -> Int)?

  /// What an element counts at most, whatever it says: sums over two billion of them, in flight or in a long run, stay
  /// numbers.
  private static var mostBytes: Int { 1 << 32 }

  @usableFromInline init() {
    if Element.self is any SampleIdentifiable.Type {
      identify = { element in (element as? any SampleIdentifiable)?.sampleID ?? SampleID(key: "") }
    } else {
      identify = nil
    }
    if Element.self is any ByteCountable.Type {
      measure = { element in
        min(max(0, (element as? any ByteCountable)?.byteCount ?? 0), Self.mostBytes)
      }
    } else {
      measure = nil
    }
  }

  /// Bytes that an element holds, from 0 to 2^32; 0 if its type does not tell.
  @inlinable func byteCount(_ element: Element) -> Int { measure?(element) ?? 0 }

  /// The sample with which an element begins its way.
  @inlinable func item(_ element: Element, position: Int) -> Item {
    Item(
      position: position, label: identify.map { SampleLabel($0(element)) }, byteCount: byteCount(element),
      value: element)
  }

  /// What a stage has made of `item`.
  @inlinable func item(_ element: Element, from item: Item) -> Item {
    Item(position: item.position, label: item.label, byteCount: byteCount(element), value: element)
  }

  /// Puts what a stage has made of `item` in its place.
  @inlinable func replace(_ item: inout Item, with element: Element) {
    Item.replace(&item, value: element, byteCount: byteCount(element))
  }

  /// The samples of a group that came as an array, each named by itself if its type can.
  ///
  /// The group was counted as a whole: its bytes go with the last.
  func members(_ group: Item) -> [Item] {
    let elements = typed(group.value, as: [Element].self)
    return elements.indices.map { index in
      Item(
        position: group.position, label: identify.map { SampleLabel($0(elements[index])) } ?? group.label,
        byteCount: index == elements.count - 1 ? group.byteCount : 0, value: elements[index])
    }
  }
}
