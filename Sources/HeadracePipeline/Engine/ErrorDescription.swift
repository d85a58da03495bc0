/// What a user's error says of itself: its own words if it has any, else its type and value, such as
/// `AugmentError.badCrop(3)`. The value alone would not tell whose it is.
func describe(_ error: any Error) -> String {
  let text = String(describing: error)
  let type = String(describing: type(of: error))
  // Of a structure, what Swift prints begins with the type.
  if error is any CustomStringConvertible || text.hasPrefix("\(type)(") { return text }
  return "\(type).\(text)"
}
