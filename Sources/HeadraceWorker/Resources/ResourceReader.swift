import HeadraceSystem

/// Reads the processes that are watched, and by what started them those that they have started.
struct ResourceReader: Sendable {
  private struct Root: Sendable {
    let processID: Int32
    let startNanoseconds: UInt64
  }

  private let roots: [Root]
  private let includesDescendants: Bool
  private var buffer: [UInt8] = []

  /// A process that is gone now stays so: whoever gets its number later is another one.
  init(processIDs: [Int32], includesDescendants: Bool) {
    self.includesDescendants = includesDescendants
    var buffer: [UInt8] = []
    var known: Set<Int32> = []
    roots = processIDs.compactMap { processID in
      guard known.insert(processID).inserted,
        let process = try? ProcessResources(processID: processID, withPSS: false, buffer: &buffer)
      else { return nil }
      return Root(processID: processID, startNanoseconds: process.startNanoseconds)
    }
    self.buffer = buffer
  }

  /// - Complexity: O(processes and their threads); with PSS O(pages that they have mapped).
  mutating func read(withPSS: Bool) -> ResourceReading {
    var reading = ResourceReading(nanoseconds: BootClock.now)
    for root in roots {
      guard let process = try? ProcessResources(processID: root.processID, withPSS: withPSS, buffer: &buffer),
        process.startNanoseconds == root.startNanoseconds
      else { continue }
      reading.processes.append(process)
    }
    if includesDescendants { addDescendants(to: &reading, withPSS: withPSS) }
    if let first = roots.first, first.processID == reading.processes.first?.processID {
      reading.network = NetworkCounters(ofProcess: first.processID, buffer: &buffer)
    }
    return reading
  }

  private mutating func addDescendants(to reading: inout ResourceReading, withPSS: Bool) {
    var known = Set(roots.map(\.processID))
    var place = 0
    while place < reading.processes.count {
      for child in ProcessTree.children(of: reading.processes[place].processID, buffer: &buffer) {
        guard known.insert(child).inserted,
          let process = try? ProcessResources(processID: child, withPSS: withPSS, buffer: &buffer)
        else { continue }
        reading.processes.append(process)
      }
      place += 1
    }
  }
}
