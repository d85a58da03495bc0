import Testing

@testable import HeadraceCLI

/// Remedies name options; text from outside stays in its line.
@Suite struct CommandWordsTests {
  @Test(arguments: [
    ("4 failed; raise skip(upTo:), or mend", "4 failed; raise --max-failures, or mend"),
    ("; lower slots, BatchSpec.size or the tensors' shapes.", "; lower --slots, --batch or --size."),
    (" (see dmesg): lower slots, concurrency or BatchSpec.size.", " (see dmesg): lower --slots, --threads or --batch."),
    ("ask for one of those, or check has(\"png\").", "name one of those in --columns."),
    ("use text(\"cls\") or correct the data.", "correct the data."),
    ("than the limit of 9; raise ShardLimits.memberSize.", "than the limit of 9; leave it out (--max-failures)."),
    ("limit of 9; raise ShardLimits.memberSize, or fetch or write it", "limit of 9; fetch or write it"),
    ("raise ShardLimits.zstdWindowLog to 31 at most, or compress with", "compress with"),
    ("Nothing to say.", "Nothing to say."),
  ])
  func remediesNameOptions(library: String, command: String) {
    #expect(CommandWords.of(library) == command)
    #expect(CommandWords.of(command) == command)
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
