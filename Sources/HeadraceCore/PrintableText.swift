/// Text from outside, such as names of files, as it can be shown in one line on a terminal.
package enum PrintableText {
  /// Control characters are escaped as in a Swift literal, so that they neither break the line nor move the cursor.
  package static func line(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var line = ""
    for scalar in text.unicodeScalars {
      if isControl(scalar) { line += scalar.escaped(asASCII: true) } else { line.unicodeScalars.append(scalar) }
    }
    return line
  }

  /// C0, DEL and C1, and the two separators that end a line (Unicode, chapter 23.1).
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
  }
}
