import Headrace

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

  /// - Throws: `UsageError` for what is not of the form, cannot be batched, or is more than a batch can hold.
  init(_ text: String) throws(UsageError) {
    func mistake(_ what: String) -> UsageError { UsageError("--columns \(text): \(what)") }
    var columns: [Column] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed) {
      let names = part.split(separator: "=", omittingEmptySubsequences: false).map(Self.trimmed)
      guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else {
        throw mistake("\"\(part)\" is not of the form TENSOR=FIELD, such as image=png")
      }
      let column = Column(tensor: names[0], field: names[1])
      guard column.kind != nil else {
        throw mistake("field \"\(column.field)\" cannot be batched; name png (images) and cls (labels) fields alone")
      }
      guard !columns.contains(where: { $0.tensor == column.tensor }) else {
        throw mistake("two columns are named \"\(column.tensor)\"; rename one")
      }
      guard column.tensor.utf8.count <= BatchSpec.maximumNameByteCount else {
        throw mistake(
          "the name \"\(column.tensor)\" has \(column.tensor.utf8.count) bytes; shorten it to"
            + " \(BatchSpec.maximumNameByteCount)")
      }
      columns.append(column)
    }
    guard columns.count <= BatchSpec.maximumTensorCount else {
      throw mistake("\(columns.count) columns are too many; name at most \(BatchSpec.maximumTensorCount)")
    }
    self.init(columns)
  }

  /// Without the spaces around it: `image=png, label=cls` is written as one writes a list.
  private static func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Without `--columns`: the image, and the label where the first record has one.
  static func automatic(hasLabel: Bool) -> ColumnMapping {
    let image = Column(tensor: "image", field: "png")
    return ColumnMapping(hasLabel ? [image, Column(tensor: "label", field: "cls")] : [image])
  }
}
