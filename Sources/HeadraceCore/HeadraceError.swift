/// What went wrong, with which value, where, and what to do about it.
///
/// It crosses the process boundary, so the cause is text: the description of the error that a closure threw.
public struct HeadraceError: Error, Hashable, Sendable, Codable {
  /// The kind of error, for a program to decide by; the message is for people.
  public var code: Code
  /// One or two sentences: what went wrong, the values, and the remedy.
  public var message: String
  /// The stage of the pipeline in which it happened. Of a worker that died between samples: what it was doing, such as
  /// "waiting for a slot".
  public var stage: String?
  /// The sample that was being worked on.
  public var sample: SampleID?
  /// The underlying error, as text.
  public var cause: String?

  /// Describes an error. Whoever passes it on adds the stage and the sample, if they are missing.
  ///
  /// - Parameter message: what went wrong, the values, and the remedy; ends with a full stop.
  public init(
    _ code: Code, _ message: String, stage: String? = nil, sample: SampleID? = nil, cause: String? = nil
  ) {
    self.code = code
    self.message = message
    self.stage = stage
    self.sample = sample
    self.cause = cause
  }
}

extension HeadraceError: CustomStringConvertible {
  /// One line: the message, then stage, sample and cause as far as they are known and the message does not tell them.
  public var description: String {
    var text = message
    if let stage, !message.contains("\"\(stage)\""), !message.contains(" while \(stage)") {
      text += " [stage: \(stage)]"
    }
    if let sample, !tells(of: sample) { text += " [sample: \(sample)]" }
    if let cause, !message.contains(cause) { text += " [cause: \(cause)]" }
    return text
  }

  /// Whether the message names the sample: "Sample 17" does, and not "sample 170".
  private func tells(of sample: SampleID) -> Bool {
    let text = message.lowercased()
    return text.ranges(of: sample.description.lowercased()).contains { range in
      range.upperBound == text.endIndex || !(text[range.upperBound].isNumber || text[range.upperBound].isLetter)
    }
  }
}

extension HeadraceError {
  /// The kind of an error; new kinds can be added without breaking a switch.
  public struct Code: Hashable, Sendable, Codable, CustomStringConvertible {
    private enum Kind: UInt32, CaseIterable, Codable {
      // Raw values are part of the ring's published format: never renumber.
      case invalidPipeline = 1
      case invalidArgument = 2
      case notFound = 3
      case inputOutput = 4
      case malformedShard = 5
      case malformedImage = 6
      case missingField = 7
      case limitExceeded = 8
      case stageFailed = 9
      case sourceFailed = 10
      case batchTooLarge = 11
      case outOfMemory = 12
      case forkUnsafe = 13
      case workerDied = 14
      case timedOut = 15
      case systemCall = 16
      case incompatibleRing = 17
      case noSuchTensor = 18
      case wrongType = 19
      case tooManyFailures = 20
      case malformedCache = 21
      case epochLost = 22
      case sampleCrashed = 23
    }

    private var kind: Kind
    private init(_ kind: Kind) { self.kind = kind }

    /// The number that stands for this code in the ring.
    public var rawValue: UInt32 { kind.rawValue }

    /// The code of a number read from the ring; nil for one of a later version.
    public init?(rawValue: UInt32) {
      guard let kind = Kind(rawValue: rawValue) else { return nil }
      self.kind = kind
    }

    /// The name of the code, such as `malformedShard`.
    public var description: String { "\(kind)" }

    /// A pipeline, spec or option that cannot work; found before anything starts.
    public static var invalidPipeline: Code { Code(.invalidPipeline) }
    /// A value that a caller passed.
    public static var invalidArgument: Code { Code(.invalidArgument) }
    /// A file or folder that does not exist, or has nothing of use in it.
    public static var notFound: Code { Code(.notFound) }
    /// Reading or writing failed.
    public static var inputOutput: Code { Code(.inputOutput) }
    /// A tar or zstd stream that breaks its format, or ends early.
    public static var malformedShard: Code { Code(.malformedShard) }
    /// An image that breaks its format, or ends early.
    public static var malformedImage: Code { Code(.malformedImage) }
    /// A record without a field that was asked for.
    public static var missingField: Code { Code(.missingField) }
    /// Input beyond a stated limit, such as the pixels of an image.
    public static var limitExceeded: Code { Code(.limitExceeded) }
    /// A stage's closure threw.
    public static var stageFailed: Code { Code(.stageFailed) }
    /// The source threw.
    public static var sourceFailed: Code { Code(.sourceFailed) }
    /// A batch that does not fit into a slot of the ring.
    public static var batchTooLarge: Code { Code(.batchTooLarge) }
    /// The memory for the ring is not to be had.
    public static var outOfMemory: Code { Code(.outOfMemory) }
    /// Forking now would give a child whose Dispatch queues hang; or a forked child uses a batch of its parent's.
    public static var forkUnsafe: Code { Code(.forkUnsafe) }
    /// The worker process ended without finishing.
    public static var workerDied: Code { Code(.workerDied) }
    /// A sample that has ended process after process, and is not tried again; others are.
    public static var sampleCrashed: Code { Code(.sampleCrashed) }
    /// A wait reached the caller's timeout; nothing is lost.
    public static var timedOut: Code { Code(.timedOut) }
    /// The operating system refused.
    public static var systemCall: Code { Code(.systemCall) }
    /// A ring of another version or layout.
    public static var incompatibleRing: Code { Code(.incompatibleRing) }
    /// A batch has no tensor of that name.
    public static var noSuchTensor: Code { Code(.noSuchTensor) }
    /// A tensor's elements are of another type, or its shape is another.
    public static var wrongType: Code { Code(.wrongType) }
    /// More samples failed than the stage's policy allows.
    public static var tooManyFailures: Code { Code(.tooManyFailures) }
    /// A cache that breaks its format or was cut, or stored bytes that are not those of the type that is read.
    public static var malformedCache: Code { Code(.malformedCache) }
    /// A worker died, and the one in its place cannot go on in that epoch; the next one is whole.
    public static var epochLost: Code { Code(.epochLost) }
  }
}
