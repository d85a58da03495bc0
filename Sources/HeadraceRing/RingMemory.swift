import HeadraceSystem

/// What a ring consists of: the mapping of its memory, and a wake-up for each side.
///
/// The memory's descriptor is closed once it is mapped, so that no other child of this process keeps the memory.
struct RingMemory: ~Copyable, Sendable {
  let mapping: Mapping
  /// Which samples of the epoch are out, for a producer that goes on where another was killed.
  let journal: PositionJournal
  /// Which failures were told, for the same.
  let failureJournal: FailureJournal
  /// How processes of the loader have ended.
  let exitJournal: ExitJournal
  /// What they have said.
  let logJournal: LogJournal
  /// By the number of its place: tells a reader that there is something for it. Nil for those that this process has no
  /// need of.
  let dataSignals: [ReaderSignal?]
  /// Tells the producer that a slot came back, or that the consumer wants something else.
  let controlSignal: EventSignal

  /// New memory, with the file that it lies in: to be closed once whoever is to have it does.
  init(_ file: borrowing MemoryFile, _ name: RingName, readerCount: Int) throws(Errno) {
    let mapping = try Mapping(file)
    let journal = try PositionJournal()
    let failureJournal = try FailureJournal()
    let exitJournal = try ExitJournal(name)
    let logJournal = try LogJournal(name)
    var dataSignals: [ReaderSignal?] = []
    for _ in 0..<readerCount { dataSignals.append(ReaderSignal(try EventSignal())) }
    let controlSignal = try EventSignal()
    self.mapping = mapping
    self.journal = journal
    self.failureJournal = failureJournal
    self.exitJournal = exitJournal
    self.logJournal = logJournal
    self.dataSignals = dataSignals
    self.controlSignal = controlSignal
  }

  /// What another process has made, and sent the descriptors of.
  ///
  /// - Parameter reader: the place whose signal has come along; nil: that of each.
  init(
    _ file: borrowing MemoryFile, from message: inout MessageSocket.Message, readerCount: Int, reader: Int?
  ) throws(Errno) {
    let mapping = try Mapping(file)
    let journal = PositionJournal(try message.takeDescriptor())
    let failureJournal = FailureJournal(try message.takeDescriptor())
    let exitJournal = ExitJournal(try message.takeDescriptor())
    let logJournal = LogJournal(try message.takeDescriptor())
    let controlSignal = EventSignal(try message.takeDescriptor())
    var dataSignals: [ReaderSignal?] = []
    for place in 0..<readerCount {
      let isThere = reader == nil || reader == place
      dataSignals.append(isThere ? ReaderSignal(EventSignal(try message.takeDescriptor())) : nil)
    }
    self.mapping = mapping
    self.journal = journal
    self.failureJournal = failureJournal
    self.exitJournal = exitJournal
    self.logJournal = logJournal
    self.dataSignals = dataSignals
    self.controlSignal = controlSignal
  }

  /// What another process has, for whoever only looks: it goes on nowhere, and nobody listens to its signal.
  init(observing files: consuming ObservedFiles) throws(Errno) {
    let mapping = try Mapping(reading: files.ring)
    let journal = try PositionJournal()
    let failureJournal = try FailureJournal()
    let controlSignal = try EventSignal()
    self.mapping = mapping
    self.journal = journal
    self.failureJournal = failureJournal
    exitJournal = ExitJournal(files.exits)
    logJournal = LogJournal(files.log)
    dataSignals = []
    self.controlSignal = controlSignal
  }

  /// What another process needs of it beside the file, in the order in which it is taken from the message.
  ///
  /// - Parameter reader: for the reader at that place; nil: for a producer.
  func descriptors(for reader: Int? = nil) -> [Int32] {
    let signals = dataSignals.enumerated().compactMap { place, signal in
      reader == nil || reader == place ? signal?.number : nil
    }
    return [
      journal.descriptor, failureJournal.descriptor, exitJournal.descriptor, logJournal.descriptor,
      controlSignal.descriptor.number,
    ] + signals
  }
}
