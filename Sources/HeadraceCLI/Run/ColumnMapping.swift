import Headrace

/// `--columns image=png,label=cls`: which field of a record becomes which tensor of the batch. Of several, as in
/// `image=png/jpg`, the first that a record has.
struct ColumnMapping: Sendable, Hashable {
  struct Column: Sendable, Hashable {
    /// Name of the tensor.
    let tensor: String
    /// Names of the record's field: the first that there is.
    let fields: [String]

    init(tensor: String, fields: [String]) {
      self.tensor = tensor
      self.fields = fields
    }

    /// How a field becomes elements: by the last part of its name; nil for another, and for fields of several kinds.
    var kind: Kind? {
      let kinds = Set(fields.map(Self.kind))
      return kinds.count == 1 ? kinds.first! : nil
    }

    private static func kind(_ field: String) -> Kind? {
      guard let ending = field.split(separator: ".").last.map(String.init) else { return nil }
      if ColumnMapping.imageEndings.contains(ending) { return .image }
      return ending == "cls" ? .label : nil
    }

    /// The field of a record; the first name, if it has none of them.
    func field(of record: Record) -> String { fields.first(where: record.has) ?? fields[0] }

    /// As it is written.
    var fieldText: String { fields.joined(separator: "/") }
  }

  enum Kind: Sendable, Hashable {
    /// Pixels, or what transforms make of them.
    case image
    /// One int64.
    case label
  }

  /// What the names of fields that hold images end in. What they hold is found by their bytes.
  static let imageEndings = ["png", "jpg", "jpeg", "webp"]

  let columns: [Column]

  init(_ columns: [Column]) { self.columns = columns }

  /// - Throws: `UsageError` for what is not of the form, cannot be batched, or is more than a batch can hold.
  init(_ text: String) throws(UsageError) {
    func mistake(_ what: String) -> UsageError { UsageError("--columns \(text): \(what)") }
    var columns: [Column] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed) {
      let names = part.split(separator: "=", omittingEmptySubsequences: false).map(\.trimmed)
      guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else {
        throw mistake("\"\(part)\" is not of the form TENSOR=FIELD, such as image=png")
      }
      let column = Column(
        tensor: names[0], fields: names[1].split(separator: "/", omittingEmptySubsequences: false).map(\.trimmed))
      guard column.kind != nil else {
        throw mistake(
          "field \"\(column.fieldText)\" cannot be batched; name images (\(Self.imageEndings.joined(separator: ", ")))"
            + " and cls (labels) fields alone")
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

  /// Without `--columns`: the image, and the label where the first record has one.
  static func automatic(hasLabel: Bool) -> ColumnMapping {
    let image = Column(tensor: "image", fields: imageEndings)
    return ColumnMapping(hasLabel ? [image, Column(tensor: "label", fields: ["cls"])] : [image])
  }
}
