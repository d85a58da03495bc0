import HeadraceCore

/// Starts a program that loads data and returns the batches of one of its pipelines.
///
/// Works in any process, however warm it is, and needs none of the pipeline's code. The program begins in this
/// process's directory, with its streams and environment and no other of its open files, and ends with it, however that
/// ends.
///
/// - Parameters:
///   - command: the program, the pipeline's name in it, and the values for it.
///   - threads, workers, slots, slotByteCount, epochs, isolation, restarts, hangLimit, readers, log, stopTimeout: as
///     with a pipeline that is passed.
///   - startTimeout: how long the program may take to begin and to make the pipeline.
/// - Throws: As with a pipeline that is passed; `notFound` when there is no such program, or no such pipeline in it;
///   what making the pipeline throws there; `incompatibleRing` when the program is of another version; `workerDied`;
///   `timedOut`.
/// - Complexity: the start of a process: 5 to 10 ms for a program that is linked statically.
public func runPipelineInSubprocess(
  _ command: LoaderCommand, threads: Int? = nil, workers: Int? = nil, slots: Int = 8, slotByteCount: Int? = nil,
  epochs: Int? = nil, isolation: Isolation = .standard, restarts: Int = 5, hangLimit: Duration? = nil,
  readers: Readers? = nil, log: LogDestination = .standardError,
  stopTimeout: Duration = .seconds(2), startTimeout: Duration = .seconds(600)
) throws(HeadraceError) -> Batches {
  let terms = try LoaderTerms(
    threads: threads, workers: workers, epochs: epochs, isolation: isolation, restarts: restarts, hangLimit: hangLimit,
    readers: readers, log: log.target)
  let loader = RequestedLoader(
    terms: terms, log: log, slots: slots, slotByteCount: slotByteCount, stopTimeout: stopTimeout,
    startTimeout: startTimeout)
  var program: StartedProcess?
  return try loader.start(StartRequest(command, terms), .program) { text, descriptors throws(HeadraceError) in
    program = try command.start(text, descriptors)
  } describeEnd: {
    // Its sockets are gone before it has ended.
    program?.exitStatus(within: .milliseconds(200)).map { status in
      HeadraceError(
        .systemCall,
        "The loader program \(command.program) \(status) without an answer: it has to be a LoaderProgram, or the"
          + " headrace command, and \(SupervisedWorker.limits) have to permit what it needs.")
    }
  } makeWorker: { worker in
    guard let program else { return worker }
    return ProgramWorker(worker, program)
  }
}
