/// Something was lost, or came twice: no figure counts then.
struct WrongCount: Error, CustomStringConvertible {
  let expected: Int
  let found: Int

  var description: String { "\(found) items came out of a pipeline that \(expected) were put into" }
}
