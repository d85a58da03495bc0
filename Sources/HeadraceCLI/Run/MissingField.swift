import Headrace

/// What to do about a sample that lacks the field of a column, in the words of the command.
enum MissingField {
  /// An error of `record` with the remedy for the first of the columns that it lacks; other errors as they are.
  static func explained(
    _ error: HeadraceError, _ record: Record, _ columns: [ColumnMapping.Column]
  ) -> HeadraceError {
    guard error.code == .missingField, let column = columns.first(where: { !$0.fields.contains(where: record.has) })
    else {
      return error
    }
    var error = error
    error.message = error.message.replacing(
      "ask for one of those, or check has(\"\(column.fields[0])\")",
      with: "\(remedy(column, record.fieldNames)), or leave the sample out (--max-failures)")
    return error
  }

  private static func remedy(_ column: ColumnMapping.Column, _ fields: [String]) -> String {
    if let longer = fields.first(where: { name in column.fields.contains { name.hasSuffix(".\($0)") } }) {
      return "the key of a sample ends at the first dot of the name, so rename the files, or name"
        + " \(column.tensor)=\(longer) in --columns"
    }
    if column.kind == .label {
      return "give the samples labels, or leave \(column.tensor)=\(column.fieldText) out of --columns"
    }
    return
      "only images (\(ColumnMapping.imageEndings.joined(separator: ", "))) and cls fields can be loaded, so name such"
      + " ones in --columns"
  }
}
