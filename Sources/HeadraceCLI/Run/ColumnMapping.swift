/// `--columns image=png,label=cls`: which field of a record becomes which tensor of the batch.
struct ColumnMapping: Sendable, Hashable {
  struct Column: Sendable, Hashable {
    /// Name of the tensor.
    let tensor: String
    /// Name of the record's field.
    let field: String

    /// How a field becomes elements: by the last part of its name.
    var kind: Kind? {
      switch field.split(separator: ".").last {
      case "png"?: .image
      case "cls"?: .label
      default: nil
      }
    }
  }

  enum Kind: Sendable, Hashable {
    /// uint8 pixels [height, width] or [height, width, channels].
    case image
    /// One int64.
    case label
  }

  let columns: [Column]

  init(_ columns: [Column]) { self.columns = columns }

  init(_ text: String) throws(UsageError) {
    var columns: [Column] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let names = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else {
        throw UsageError("--columns \(text): \"\(part)\" is not of the form TENSOR=FIELD, such as image=png")
      }
      let column = Column(tensor: names[0], field: names[1])
      guard column.kind != nil else {
        throw UsageError(
          "--columns \(text): field \"\(column.field)\" cannot be batched; png (images) and cls (labels) can")
      }
      guard !columns.contains(where: { $0.tensor == column.tensor }) else {
        throw UsageError("--columns \(text): two columns are named \"\(column.tensor)\"")
      }
      columns.append(column)
    }
    self.init(columns)
  }

  /// Without `--columns`: the image, and the label where the first record has one.
  static func automatic(hasLabel: Bool) -> ColumnMapping {
    let image = Column(tensor: "image", field: "png")
    return ColumnMapping(hasLabel ? [image, Column(tensor: "label", field: "cls")] : [image])
  }
}
