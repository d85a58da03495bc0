/// Calls `body` with every sequence of up to `length` elements of an alphabet.
func withEverySequence<Element>(
  of alphabet: [Element], upTo length: Int, _ body: ([Element]) throws -> Void
) rethrows {
  try body([])
  guard length > 0 else { return }
  for first in alphabet {
    try withEverySequence(of: alphabet, upTo: length - 1) { try body([first] + $0) }
  }
}

/// The same for what happens at the input of an operator.
func withEveryScript(
  of alphabet: [InputEvent], upTo length: Int, _ body: ([InputEvent]) throws -> Void
) rethrows {
  try withEverySequence(of: alphabet, upTo: length, body)
}
