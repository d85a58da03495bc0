/// A line of a log that a process of a loader has said.
public struct LogLine: Sendable, Hashable, CustomStringConvertible {
  /// How much it matters; nil where something wrote it to standard error that was not `LoaderLog`, such as the Swift
  /// runtime before it ends a program, or a C library.
  public var level: LogLevel?
  /// What the process is there for: "worker", "pool 3" for one that calls closures, counted from 0, or "supervisor".
  public var role: String
  /// The process's number, which may be another's by now.
  public var processID: Int
  /// The stage whose closure has said it; nil where that is not known, as of what comes by other means.
  public var stage: String?
  /// What that worked on: the end of the sample's name, or "sample 17" where it has none,
  /// and always so in a pool.
  public var sample: String?
  /// When it has come, in seconds since the loader began.
  public var seconds: Double
  /// What it says, without a line feed, at most 800 bytes.
  public var text: String

  /// A line to be told: what a loader makes.
  public init(
    level: LogLevel?, role: String, processID: Int, stage: String? = nil, sample: String? = nil, seconds: Double,
    text: String
  ) {
    self.level = level
    self.role = role
    self.processID = processID
    self.stage = stage
    self.sample = sample
    self.seconds = seconds
    self.text = text
  }

  /// Who says it, how much it matters, and what: `[worker 4711] warning: no label (stage "decode" at a/b.png)`.
  public var description: String {
    "[\(role) \(processID)] \(LogFrame(level: level, stage: stage, sample: sample, text: text))"
  }
}

extension LogLine: Storable {
  /// Appends all that it says.
  public func store(into bytes: inout [UInt8]) throws {
    // What may be missing is empty: neither a stage nor a sample can be called that.
    try StoredParts.append(level?.rawValue ?? "", to: &bytes)
    try StoredParts.append(role, to: &bytes)
    try StoredParts.append(processID, to: &bytes)
    try StoredParts.append(stage ?? "", to: &bytes)
    try StoredParts.append(sample ?? "", to: &bytes)
    try StoredParts.append(seconds, to: &bytes)
    try StoredParts.append(text, to: &bytes)
  }

  /// Makes it again.
  ///
  /// - Throws: `malformedCache` for bytes that `store(into:)` cannot have written.
  public init(storedBytes: Span<UInt8>) throws {
    var parts = StoredParts(storedBytes)
    func known(_ text: String) -> String? { text.isEmpty ? nil : text }
    level = LogLevel(rawValue: try parts.next())
    role = try parts.next()
    processID = try parts.next()
    stage = known(try parts.next())
    sample = known(try parts.next())
    // What another process has written may be anything.
    let time: Double = try parts.next()
    seconds = time.isFinite ? time : 0
    text = try parts.next()
  }
}
