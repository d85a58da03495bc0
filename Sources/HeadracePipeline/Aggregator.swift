/// Makes values of several samples, in a way of its own: sums, packs, groups by what the samples hold.
///
/// ```swift
/// struct Sentences: Aggregator {
///   private var words: [String] = []
///
///   mutating func accumulate(_ word: String) -> [String]? {
///     words.append(word)
///     return word.hasSuffix(".") ? flush() : nil
///   }
///
///   mutating func flush() -> [String]? {
///     defer { words = [] }
///     return words.isEmpty ? nil : words
///   }
/// }
/// ```
///
/// One is made for each epoch, and used by one thread at a time. See `Pipeline.aggregate`.
public protocol Aggregator: Sendable {
  /// What the stage before hands on.
  associatedtype Input: Sendable
  /// What this stage hands on.
  associatedtype Output: Sendable

  /// Takes one sample more, and returns a value if one is complete.
  ///
  /// - Throws: if this sample cannot be used. It counts as failed; what was taken before is to stay as it was.
  mutating func accumulate(_ input: Input) throws -> Output?

  /// Returns what is left at the end of the epoch; nil if nothing is, or if it is to be dropped. Called once.
  ///
  /// - Throws: if it cannot be made. This counts as one sample that failed.
  mutating func flush() throws -> Output?
}
