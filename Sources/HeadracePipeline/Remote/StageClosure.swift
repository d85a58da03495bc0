import HeadraceCore

/// The closure of a stage that is called sample by sample, in a form in which another process can call it.
enum StageClosure: Sendable {
  case sample(Sample)
  case row(Row)

  /// Of `map` and its like.
  struct Sample: Sendable {
    /// Nil where samples that the stage takes are not `Storable`.
    let input: SampleCoder?
    /// Nil where its results are not.
    let output: SampleCoder?
    /// What it takes and makes, for people.
    let typeNames: (input: String, output: String)
    /// Puts the result in the place of the item, or returns false to leave it out.
    let work: @Sendable (inout Item, _ epoch: Int) throws -> Bool

    init<Input: Sendable, Output: Sendable>(
      of input: Input.Type, to output: Output.Type,
      _ work: @escaping @Sendable (inout Item, _ epoch: Int) throws -> Bool
    ) {
      self.input = SampleCoder(input)
      self.output = SampleCoder(output)
      typeNames = ("\(input)", "\(output)")
      self.work = work
    }
  }

  /// Of `batch`.
  struct Row: Sendable {
    let input: SampleCoder?
    let typeName: String
    let spec: BatchSpec
    let fill: @Sendable (Item, inout HeadracePipeline.Row) throws -> Void
  }

  /// The type that keeps the closure's samples from crossing; nil: none does.
  var obstacle: String? {
    switch self {
    case .sample(let closure):
      closure.input == nil ? closure.typeNames.input : closure.output == nil ? closure.typeNames.output : nil
    case .row(let closure): closure.input == nil ? closure.typeName : nil
    }
  }
}
