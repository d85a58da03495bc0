/// What is in a folder of images: its classes and totals.
public struct FolderListing: Sendable, Hashable {
  /// A class and its files.
  public struct ClassCount: Sendable, Hashable {
    public var name: String
    public var label: Int
    public var count: Int
  }

  public let path: String
  public let sampleCount: Int
  /// Classes in the order of their labels; none for a flat folder.
  public let classes: [ClassCount]
  /// Fields with the samples that have them.
  public let fields: [FieldCount]

  /// Counts what a source has listed; reads nothing.
  ///
  /// - Complexity: O(*n*) in the files.
  public init(_ source: FolderSource) {
    path = source.path
    sampleCount = source.files.count
    classes = source.classNames.indices.map { label in
      ClassCount(name: source.classNames[label], label: label, count: source.classCounts[label])
    }
    var fields: [FieldCount] = []
    for file in source.files { fields.add(file.field) }
    if !source.labels.isEmpty { fields.append(FieldCount(name: "cls", count: source.files.count)) }
    self.fields = fields
  }
}
