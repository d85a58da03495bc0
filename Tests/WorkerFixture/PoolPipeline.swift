import Glibc
import Headrace
import HeadraceSystem

/// A pipeline that processes of a pool have trouble to make, and no other process has.
struct PoolPipeline: PipelineFactory {
  enum Trouble: String, Codable {
    case none, slow, trap, other, throwing
  }

  var trouble: Trouble

  func makePipeline() throws -> BatchPipeline {
    let isOfPool = SmallFile.read("/proc/self/comm")?.hasPrefix("headrace-pool") == true
    var name = "decode"
    switch trouble {
    case .none: break
    case .slow where isOfPool: Assassin.work(microseconds: 300_000)
    case .trap where isOfPool: fatalError("makePipeline has trapped on purpose")
    case .other where isOfPool: name = "decode otherwise"
    case .throwing where isOfPool: throw HeadraceError(.notFound, "There is no data set 7.")
    default: break
    }
    return Pipeline(from: 0..<200)
      .map(
        name, concurrency: 4, onFailure: .skip(upTo: 200),
        options: StageOptions(timeout: .milliseconds(100))
      ) { $0 }
      .batch("collate", Samples.spec) { try Samples.write($0, to: &$1) }
  }
}
