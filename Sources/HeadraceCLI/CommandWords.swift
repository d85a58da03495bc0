import Headrace

/// Says errors of the library in the words of the command: a remedy names an option, not a function of Swift.
enum CommandWords {
  /// What a message says to who writes Swift, and what to who types a command.
  static let phrases: [(library: String, command: String)] = [
    ("raise skip(upTo:)", "raise --max-failures"),
    ("raise quarantine(_:upTo:)", "raise --max-failures"),
    ("lower slots, BatchSpec.size or the tensors' shapes", "lower --slots, --batch or --size"),
    ("lower slots, concurrency or BatchSpec.size", "lower --slots, --threads or --batch"),
    ("Raise its concurrency from", "Raise --concurrency from"),
    ("Raise threads from", "Raise --threads from"),
    ("raise slots or prefetch", "raise --slots"),
    ("lower the stage's concurrency", "lower --threads"),
    ("lower its shape or the size", "lower --size or --batch"),
    (", or name the extensions: FolderSource(_, extensions: [\"jpg\"])", ""),
    ("Raise DecodeLimits.maximumPixels if you trust the file, or leave it out", "Scale it down or leave it out"),
    ("Raise DecodeLimits.maximumExtent if you trust the file, or leave it out", "Scale it down or leave it out"),
    ("leave it out.", "leave it out (--max-failures)."),
    ("raise ShardLimits.recordByteCount, or write", "write"),
    ("raise ShardLimits.recordByteCount", "leave it out (--max-failures)"),
    ("raise ShardLimits.zstdWindowLog to 31 at most, or compress", "compress"),
    ("start one with readers:, or check the path", "start one with headrace run --readers, or check the path"),
    (". Raise timeout, or see", ". Raise --timeout, or see"),
    ("raise Readers.count", "raise --readers"),
    ("Start the others, or pass startsTogether: false", "Start the others"),
    ("name the shards in it, or use FolderSource for images", "name the shards in it"),
  ]

  /// An error whose message and cause are in the words of the command.
  static func of(_ error: HeadraceError) -> HeadraceError {
    var error = error
    if let link = error.sample?.path.flatMap(BrokenLink.init), let text = link.openingError {
      error.message = error.message.replacing(text, with: "\(link), or leave it out.")
    }
    error.message = of(error.message)
    error.cause = error.cause.map(of)
    return error
  }

  /// - Complexity: O(text); for errors only.
  static func of(_ text: String) -> String {
    var text = text
    for (library, command) in phrases { text = replace(library, by: command, in: text) }
    text.replace(/use text\("[^"]*"\) or correct the data/, with: "correct the data")
    return text
  }

  /// The same for a sample that has been left out already: no hint at the option that leaves it out.
  static func ofLeftOut(_ text: String) -> String { of(text).replacing(" (--max-failures)", with: "") }

  private static func replace(_ phrase: String, by words: String, in text: String) -> String {
    text.contains(phrase) ? text.replacing(phrase, with: words) : text
  }
}
