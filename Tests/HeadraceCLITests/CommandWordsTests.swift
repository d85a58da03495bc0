import Foundation
import Headrace
import Testing

@testable import HeadraceCLI

/// Remedies name options; text from outside stays in its line.
@Suite struct CommandWordsTests {
  @Test(arguments: [
    ("4 failed; raise skip(upTo:), or mend", "4 failed; raise --max-failures, or mend"),
    ("4 failed; raise quarantine(_:upTo:), or mend", "4 failed; raise --max-failures, or mend"),
    ("; lower slots, BatchSpec.size or the tensors' shapes.", "; lower --slots, --batch or --size."),
    (" (see dmesg): lower slots, concurrency or BatchSpec.size.", " (see dmesg): lower --slots, --threads or --batch."),
    ("use text(\"cls\") or correct the data.", "correct the data."),
    (
      "above the limit of 9 B; raise ShardLimits.recordByteCount.",
      "above the limit of 9 B; leave it out (--max-failures)."
    ),
    ("limit of 9 B; raise ShardLimits.recordByteCount, or write the shard", "limit of 9 B; write the shard"),
    ("raise ShardLimits.zstdWindowLog to 31 at most, or compress with", "compress with"),
    ("busy 97 %. Raise its concurrency from 2 to 4, or", "busy 97 %. Raise --concurrency from 2 to 4, or"),
    ("at work. Raise threads from 2 to 4 if", "at work. Raise --threads from 2 to 4 if"),
    ("quicker, or raise slots or prefetch so", "quicker, or raise --slots so"),
    ("Nothing to say.", "Nothing to say."),
  ])
  func remediesNameOptions(library: String, command: String) {
    #expect(CommandWords.of(library) == command)
    #expect(CommandWords.of(command) == command)
  }

  /// A message that is worded anew in the library would reach whoever types commands as it is.
  // The last two are the beginnings of what is searched for with the name of a field behind it, one in `MissingField`.
  @Test(
    arguments: CommandWords.phrases.map(\.library) + ["ask for one of those, or check has(\"", "use text(\""])
  func everyPhraseIsOneThatTheLibrarySays(phrase: String) throws {
    let literal = phrase.replacing("\"", with: "\\\"")
    #expect(try LibrarySources.text.get().contains(literal))
  }

  @Test(arguments: [
    ("plain \u{E9} \u{1F600} \"quoted\" back\\slash", "plain \u{E9} \u{1F600} \"quoted\" back\\slash"),
    ("a\nb\tc\rd\u{0}", #"a\nb\tc\rd\0"#), ("\u{1B}[2J", #"\u{1B}[2J"#), ("\u{7F}\u{9B}", #"\u{7F}\u{009B}"#),
    ("\u{2028}\u{2029}", #"\u{2028}\u{2029}"#),
  ])
  func controlCharactersAreEscapedAndAllElseStays(text: String, line: String) {
    #expect(PrintableText.line(text) == line)
  }
}

/// The library's Swift files, with literals that are put together by + as one.
private enum LibrarySources {
  static let text = Result {
    let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let sources = root.appendingPathComponent("Sources")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
    return try paths.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("HeadraceCLI/") }
      .map { try String(contentsOf: sources.appendingPathComponent($0), encoding: .utf8) }
      .joined().replacing(/"\s*\+ "/, with: "")
  }
}
