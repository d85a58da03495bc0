import HeadraceSystem

/// How the last worker of a ring ended that did not end by itself.
package struct WorkerDeath: Hashable, Sendable {
  /// Deaths since the ring was made, this one included.
  package var count: Int
  /// Number of the process.
  package var processID: Int
  package var status: ExitStatus

  /// A death to be noted in a ring.
  package init(count: Int, processID: Int, status: ExitStatus) {
    self.count = count
    self.processID = processID
    self.status = status
  }
}

extension Ring {
  /// Number of the process that is the worker, or was the last; nil before the first, and with a worker on threads.
  package var workerProcessID: Int? {
    get {
      let number = unsafe atomic32(RingLayout.workerProcessIDOffset).pointee.load(ordering: .acquiring)
      return number == 0 ? nil : Int(number)
    }
    set {
      unsafe atomic32(RingLayout.workerProcessIDOffset).pointee.store(UInt32(newValue ?? 0), ordering: .releasing)
    }
  }

  /// The last death; nil if there was none.
  package var workerDeath: WorkerDeath? {
    get {
      let count = unsafe atomic32(RingLayout.deathCountOffset).pointee.load(ordering: .acquiring)
      guard count > 0 else { return nil }
      let value = Int32(bitPattern: load(RingLayout.deathValueOffset, as: UInt32.self))
      let status: ExitStatus =
        switch load(RingLayout.deathKindOffset, as: UInt32.self) {
        case 1: .exited(value)
        case 2: .signaled(value)
        default: .unknown
        }
      return WorkerDeath(
        count: Int(count), processID: Int(load(RingLayout.deathProcessIDOffset, as: UInt32.self)), status: status)
    }
    set {
      guard let newValue else { return }
      let (kind, value): (UInt32, Int32) =
        switch newValue.status {
        case .unknown: (0, 0)
        case .exited(let value): (1, value)
        case .signaled(let value): (2, value)
        }
      store(RingLayout.deathProcessIDOffset, UInt32(newValue.processID))
      store(RingLayout.deathKindOffset, kind)
      store(RingLayout.deathValueOffset, UInt32(bitPattern: value))
      // Last: whoever finds the number finds the rest.
      unsafe atomic32(RingLayout.deathCountOffset).pointee.store(UInt32(newValue.count), ordering: .releasing)
    }
  }
}
