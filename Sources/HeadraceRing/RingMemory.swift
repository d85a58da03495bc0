import HeadraceSystem

/// What a ring consists of: the mapping of its memory, and a wake-up in each direction.
///
/// The memory's descriptor is closed once it is mapped, so that no other child of this process keeps the memory.
struct RingMemory: ~Copyable, Sendable {
  let mapping: Mapping
  /// Tells the consumer that something was published.
  let dataSignal: EventSignal
  /// Tells the producer that a slot came back, or that the consumer wants something else.
  let controlSignal: EventSignal

  init(byteCount: Int) throws(Errno) {
    let file = try MemoryFile(name: "headrace-ring", byteCount: byteCount)
    let mapping = try Mapping(file)
    let dataSignal = try EventSignal()
    let controlSignal = try EventSignal()
    self.mapping = mapping
    self.dataSignal = dataSignal
    self.controlSignal = controlSignal
  }
}
