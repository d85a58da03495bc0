import Foundation
import HeadraceTestSupport

/// The built `headrace-bench`.
enum BenchProgram {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs it to its end and returns the JSON objects that it printed, one a line.
  static func lines(_ words: String...) throws -> [[String: Any]] {
    let outcome = try Command(BuiltProgram.named("headrace-bench"), words).run()
    guard outcome.status == 0 else {
      throw Failure(description: "\(words) ended with status \(outcome.status): \(outcome.output)\(outcome.errors)")
    }
    return try outcome.output.split(separator: "\n").map { line in
      guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
        throw Failure(description: "\(words) printed a line that is no JSON object: \(line)")
      }
      return object
    }
  }
}
