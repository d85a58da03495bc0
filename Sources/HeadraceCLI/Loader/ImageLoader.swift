import Headrace
import HeadraceSystem

/// The pipeline of `headrace run`, as another program asks for it: an object with the options' names, in snake case and
/// without their dashes, such as `{"source": ["train"], "batch": 64, "max_failures": 10}`.
struct ImageLoader: PipelineFactory {
  /// Options that say what a pipeline does; how it is run is said where it is started.
  static let options: [Option] = RunOptions.options.filter { option in
    [
      "--source", "--columns", "--size", "--transforms", "--channels", "--layout", "--dtype", "--batch",
      "--concurrency", "--ordering", "--partial", "--limit",
      "--cache", "--shuffle", "--seed", "--retries", "--max-failures", "--quarantine",
    ].contains(option.name)
  }

  /// The command line that means the same.
  private let words: [String]
  private let values: [String: LoaderValue]

  init(from decoder: any Decoder) throws {
    values = try [String: LoaderValue](from: decoder)
    words = try Self.words(values)
  }

  func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }

  func makePipeline() throws -> BatchPipeline {
    let options: RunOptions
    do throws(UsageError) {
      options = try RunOptions(try ParsedArguments(words, options: Self.options, command: "run"))
    } catch {
      throw HeadraceError(.invalidArgument, "Pipeline \"images\" cannot be made: \(error).")
    }
    let source = try InputSource(options.sources, limit: options.limit)
    return try ImagePipeline(source, options, threads: max(ProcessorCount.available, 16)).pipeline
  }

  private static func words(_ values: [String: LoaderValue]) throws -> [String] {
    var words: [String] = []
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      let name = "--" + key.replacing("_", with: "-")
      guard let option = options.first(where: { $0.name == name }) else {
        let suggestion = Suggestion.text(for: name, among: options.map(\.name)).replacing("--", with: "")
        throw HeadraceError(
          .invalidArgument, "Pipeline \"images\" has no option \"\(key)\"\(suggestion).")
      }
      guard option.arity == .many || value.words.count == 1 else {
        throw HeadraceError(
          .invalidArgument, "Option \"\(key)\" of pipeline \"images\" takes one value, got \(value.words.count).")
      }
      words.append(option.name)
      words += value.words
    }
    return words
  }
}
