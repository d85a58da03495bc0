extension Substring {
  /// Without the white space around it, as what is between the commas of a list is meant.
  package var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
