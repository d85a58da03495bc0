/// A command line that cannot be understood: one line that says what and what to do, and exit status 2.
struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
