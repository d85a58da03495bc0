extension ItemGroup {
  /// The group as one item: where it comes from is told by its first, and its bytes are those of all.
  ///
  /// - Parameter collate: makes the value.
  func item(_ collate: (ItemGroup) -> AnySample) -> Item {
    Item(
      position: items[0].position, label: items[0].label, byteCount: items.reduce(0) { $0 + $1.byteCount },
      value: collate(self))
  }
}
