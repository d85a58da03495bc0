import HeadraceSystem

/// What a ring consists of: the mapping of its memory, and a wake-up in each direction.
///
/// The memory's descriptor is closed once it is mapped, so that no other child of this process keeps the memory.
struct RingMemory: ~Copyable, Sendable {
  let mapping: Mapping
  /// Which samples of the epoch are out, for a producer that goes on where another was killed.
  let journal: PositionJournal
  /// Which failures were told, for the same.
  let failureJournal: FailureJournal
  /// Tells the consumer that something was published.
  let dataSignal: EventSignal
  /// Tells the producer that a slot came back, or that the consumer wants something else.
  let controlSignal: EventSignal

  /// New memory, with the file that it lies in: to be closed once whoever is to have it does.
  init(_ file: borrowing MemoryFile) throws(Errno) {
    let mapping = try Mapping(file)
    let journal = try PositionJournal()
    let failureJournal = try FailureJournal()
    let dataSignal = try EventSignal()
    let controlSignal = try EventSignal()
    self.mapping = mapping
    self.journal = journal
    self.failureJournal = failureJournal
    self.dataSignal = dataSignal
    self.controlSignal = controlSignal
  }

  /// What another process has made, and sent the descriptors of.
  init(_ file: borrowing MemoryFile, from message: inout MessageSocket.Message) throws(Errno) {
    let mapping = try Mapping(file)
    let journal = PositionJournal(try message.takeDescriptor())
    let failureJournal = FailureJournal(try message.takeDescriptor())
    let dataSignal = EventSignal(try message.takeDescriptor())
    let controlSignal = EventSignal(try message.takeDescriptor())
    self.mapping = mapping
    self.journal = journal
    self.failureJournal = failureJournal
    self.dataSignal = dataSignal
    self.controlSignal = controlSignal
  }

  /// What another process needs of it beside the file, in the order in which it is taken from the message.
  var descriptors: [Int32] {
    [
      journal.descriptor, failureJournal.descriptor, dataSignal.descriptor.number, controlSignal.descriptor.number,
    ]
  }
}
