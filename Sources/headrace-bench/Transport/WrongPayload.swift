/// What arrived is not what was sent.
struct WrongPayload: Error, CustomStringConvertible {
  var description: String {
    "a payload arrived with other bytes than were sent; trust no number of this run"
  }
}
