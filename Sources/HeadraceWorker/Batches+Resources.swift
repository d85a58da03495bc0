import HeadraceSystem

extension Batches {
  /// A monitor of what the worker, its supervisor and what it starts use of CPU, memory, disk and network. With
  /// `.sameProcess`, of this whole process.
  ///
  /// It has taken no sample yet, and takes none by itself: call `sample()` or `start`. It may outlive the loader.
  ///
  /// - Parameters:
  ///   - pssEvery: every which sample reads PSS and private bytes; nil: none.
  ///   - sampleLimit: how many samples it keeps.
  public func resourceMonitor(pssEvery: Int? = 10, sampleLimit: Int = 3600) -> ResourceMonitor {
    ResourceMonitor(
      processIDs: [rootProcessID ?? ProcessIdentity.current.processID], pssEvery: pssEvery, sampleLimit: sampleLimit)
  }
}
