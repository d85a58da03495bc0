import HeadraceCore
import HeadraceRing

extension Ring {
  /// What the process does that reads from it and has started its producer: nobody else is to have it from here.
  ///
  /// - Throws: `outOfMemory` where there is too little memory for the slots.
  func keepToThisConsumer() throws(HeadraceError) {
    // While the worker starts: its first batch does not wait for memory that others need.
    try reserveSlots()
    // Readers ask the supervisor for it.
    forgetFile()
    // From here on nobody in this process can change a batch.
    try makeSlotsReadOnly()
    populateHeader()
    // A worker that is forked later for another loader would keep this ring's memory for as long as it lives.
    try excludeFromForks()
  }
}

extension RingGeometry {
  /// - Parameters:
  ///   - slotByteCount: room of a slot that was asked for; nil: what a full batch needs.
  ///   - needed: bytes that a full batch needs.
  init(
    slots: Int, slotByteCount: Int?, batchSize: Int, needed: Int, readers: Readers?
  ) throws(HeadraceError) {
    if let slotByteCount, slotByteCount < needed {
      throw HeadraceError(
        .batchTooLarge,
        "A slot holds \(HumanUnits.count(slotByteCount, "byte")), a batch of \(HumanUnits.count(batchSize, "sample"))"
          + " needs \(HumanUnits.count(needed)); raise slotByteCount or lower BatchSpec.size.")
    }
    try self.init(
      slotCount: slots, maximumRows: batchSize, payloadByteCount: slotByteCount ?? needed,
      readerCount: readers?.count ?? 1, sharing: readers?.sharing ?? .broadcast)
  }
}
