import HeadraceCore
import HeadraceSystem

/// A program that loads data for others: the trainer starts it with a `LoaderCommand`, whatever language or state the
/// trainer is in, and it runs one of its pipelines, found by name.
///
/// ```swift
/// @main struct Loader: LoaderProgram {
///   static let pipelines: [String: any PipelineFactory.Type] = ["digits": Digits.self]
/// }
/// ```
///
/// The trainer needs none of the pipeline's code, so the two can be built apart, from the same version of Headrace.
public protocol LoaderProgram {
  /// What can be asked for, by name. The values that the trainer gives are decoded into the type.
  static var pipelines: [String: any PipelineFactory.Type] { get }
}

extension LoaderProgram {
  /// The program's entry: loads for the trainer that has started it, and ends with it. Started by a person, it says
  /// what it is and exits with status 2.
  public static func main() {
    if let status = LoaderEntrance.run(Array(CommandLine.arguments.dropFirst()), pipelines) { Program.exit(status) }
    let names = pipelines.keys.sorted().joined(separator: ", ")
    StandardStream.error.show(
      "This program loads data for a trainer, which starts it with a LoaderCommand. Its pipelines: \(names)\n")
    Program.exit(2)
  }
}
