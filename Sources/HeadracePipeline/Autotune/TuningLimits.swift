/// What automatic concurrency may use, and how long the trainer may wait before that counts.
package struct TuningLimits: Sendable, Hashable {
  /// Processors that the process may run on. More than these it cannot use, whatever it is allowed.
  package var coreCount: Int
  /// CPU time that the process may use, in cores' worth: 2.5 is 2.5 seconds of CPU in a second. With `coreCount` or
  /// more it may use all there is.
  package var cpuBudget: Double
  /// Bytes of samples that may be in flight at once; nil: no bound.
  package var byteBudget: Int?
  /// The share of time, 0 to 1, that the trainer may wait for data without anything being done about it.
  package var tolerableWait: Double

  /// - Parameter cpuBudget: nil for all cores.
  /// - Precondition: `coreCount` and `cpuBudget` are above 0, `tolerableWait` is at least 0 and below 1.
  package init(coreCount: Int, cpuBudget: Double? = nil, byteBudget: Int? = nil, tolerableWait: Double = 0.03) {
    let cpuBudget = cpuBudget ?? Double(coreCount)
    precondition(coreCount > 0, "a machine with \(coreCount) cores runs nothing")
    precondition(cpuBudget > 0, "a CPU budget of \(cpuBudget) cores runs nothing")
    precondition(tolerableWait >= 0 && tolerableWait < 1, "a tolerable wait is a share of 1, not \(tolerableWait)")
    self.coreCount = coreCount
    self.cpuBudget = cpuBudget
    self.byteBudget = byteBudget
    self.tolerableWait = tolerableWait
  }
}
