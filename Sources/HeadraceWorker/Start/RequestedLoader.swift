import HeadraceCore
import HeadraceRing

/// A loader that another process starts on request: the fork server, or a program.
struct RequestedLoader {
  let terms: LoaderTerms
  let log: LogDestination
  let slots: Int
  let slotByteCount: Int?
  let stopTimeout: Duration
  let startTimeout: Duration

  /// Asks for it, makes the ring for what comes, and returns its batches.
  ///
  /// - Parameters:
  ///   - send: brings the request to who starts loaders, with descriptors.
  ///   - describeEnd: what is said where who was asked has gone without a word; nil: what is likely.
  ///   - makeWorker: what holds the loader, given its worker.
  /// - Throws: See `ServedWorker.start`.
  func start(
    _ request: StartRequest, _ method: StartMethod, send: ([UInt8], [Int32]) throws(HeadraceError) -> Void,
    describeEnd: () -> HeadraceError? = { nil },
    makeWorker: (ServedWorker) -> any Worker = { $0 }
  ) throws(HeadraceError) -> Batches {
    func makeGeometry(_ summary: StartReply.PipelineSummary) throws(HeadraceError) -> RingGeometry {
      try RingGeometry(
        slots: slots, slotByteCount: slotByteCount, batchSize: summary.batchSize, needed: summary.payloadByteCount,
        readers: terms.readers)
    }
    let start = try ServedWorker.start(
      request, timeout: startTimeout, makeGeometry: makeGeometry, send: send, describeEnd: describeEnd)
    let worker = makeWorker(start.worker)
    try start.ring.keepToThisConsumer()
    return Batches(
      ring: start.ring, worker: worker, startMethod: method, stages: start.summary.stages, epochLimit: terms.epochs,
      stopTimeout: stopTimeout, log: log, readers: terms.readers,
      place: terms.readers?.includesThisProcess ?? true ? 0 : nil)
  }
}
