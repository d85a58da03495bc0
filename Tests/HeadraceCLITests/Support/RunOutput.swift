import Foundation

/// The JSON object of `headrace run`, with the types that docs/cli.md gives its keys.
struct RunOutput: Decodable, Sendable {
  struct Stage: Decodable, Sendable {
    let name: String
    let concurrency: Int
    let tasks: Int
    let failures: Int
    let filtered: Int
    let tasksPerSecond: Double
    let taskSecondsMean: Double
    let taskSecondsP50: Double
    let taskSecondsP90: Double
    let taskSecondsP99: Double
    let busy: Double
    let blocked: Double
    let starved: Double
    let retries: Int
    let timeouts: Int
    let quarantined: Int
    let queueItems: Int
    let queueBytes: Int
    let queueItemsPerSecond: Double
    let queueBytesPerSecond: Double
    let putSecondsMean: Double
    let putSecondsP90: Double
    let putSecondsP99: Double
    let getSecondsMean: Double
    let getSecondsP90: Double
    let getSecondsP99: Double
    let queueSecondsMean: Double
    let occupancy: Double
  }

  struct Tensor: Decodable, Sendable, Equatable {
    let name: String
    let dtype: String
    let shape: [Int]
  }

  struct LeftOutFiles: Decodable, Sendable, Equatable {
    let `extension`: String
    let files: Int
  }

  struct Failure: Decodable, Sendable {
    let epoch: Int
    let position: Int?
    let code: String
    let message: String
    let stage: String?
    let sample: String?
    let path: String?
    let offset: Int?
    let cause: String?
  }

  let samples: Int
  let batches: Int
  let epochs: Int
  let seconds: Double
  let imagesPerSecond: Double?
  let firstBatchSeconds: Double?
  let consumerWaitSeconds: Double
  let consumerCpuSeconds: Double
  let workerCpuSeconds: Double
  let workerPeakRssBytes: Int
  let workerCpuPercentMean: Double?
  let workerCpuPercentPeak: Double?
  let workerPeakPssBytes: Int?
  let workerDiskReadBytes: Int?
  let placement: String
  let threads: Int
  let slots: Int
  let tensors: [Tensor]
  let filesLeftOut: [LeftOutFiles]
  let samplesDropped: Int?
  let stages: [Stage]
  let bottleneck: String?
  let failureCount: Int
  let failures: [Failure]
  let error: String?
  let imageSha256: String?

  init(_ text: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(RunOutput.self, from: Data(text.utf8))
  }

  func stage(_ name: String) -> Stage? { stages.first { $0.name == name } }
}
