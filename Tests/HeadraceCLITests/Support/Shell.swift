/// Command lines for what a shell does best: pipes and closed streams.
enum Shell {
  static func run(_ line: String) throws -> Outcome {
    try Child(["-c", line], program: "/bin/sh").finish()
  }

  static func quote(_ word: String) -> String { "'\(word.replacing("'", with: #"'\''"#))'" }
}
