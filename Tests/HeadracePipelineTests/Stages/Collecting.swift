import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport

/// Whole numbers from 0, without an end.
struct Endless: Sequence, Sendable {
  func makeIterator() -> AnyIterator<Int> {
    var next = 0
    return AnyIterator {
      defer { next += 1 }
      return next
    }
  }
}

extension Pipeline {
  /// All that comes out, epoch by epoch.
  func collected(threads: Int = 2, epochs: Int = 1) throws -> [[Element]] {
    try Watchdog.guarding("a pipeline that is run to its end") {
      var run = try run(threads: threads, epochs: epochs)
      var all: [[Element]] = []
      for _ in 0..<epochs {
        var elements: [Element] = []
        while let element = try run.next() { elements.append(element) }
        all.append(elements)
      }
      return all
    }
  }

  /// What comes out in one epoch, the error with which it ends, and the positions of samples that were left out.
  func outcome(threads: Int = 2) throws -> (elements: [Element], error: HeadraceError?, failed: [Int]) {
    try Watchdog.guarding("a pipeline that is run to its end") {
      var run = try run(threads: threads, epochs: 1)
      var elements: [Element] = []
      var failure: HeadraceError?
      do throws(HeadraceError) {
        while let element = try run.next() { elements.append(element) }
      } catch {
        failure = error
      }
      return (elements, failure, run.takeFailures().newest.map(\.position))
    }
  }

  /// What is wrong with it.
  var mistake: String? {
    do {
      _ = try run(threads: 1)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
