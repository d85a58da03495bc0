import Headrace
import HeadraceSystem

/// What the numbers were measured on.
struct Machine {
  let processor: String
  let cores: Int
  let kernel: String
  /// The toolchain's version, as far as the compiler tells it.
  let swift: String
  /// Whether the Swift runtime is part of the program.
  let isStatic: Bool

  static let current = Machine(
    processor: processorName ?? "unknown processor", cores: ProcessorCount.available,
    kernel: SmallFile.read("/proc/sys/kernel/osrelease").map { String($0.prefix { $0 != "\n" }) } ?? "unknown",
    swift: compilerVersion,
    isStatic: !(SmallFile.read("/proc/self/maps") ?? "").contains("libswiftCore"))

  /// Processes that ran or wanted to, averaged over the last minute. See `man 5 proc_loadavg`.
  static var loadAverage: Double? {
    SmallFile.read("/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) }
  }

  func line(pinned: [Int], isBrief: Bool) -> JSONLine {
    var line = JSONLine()
    line.add("bench", "machine")
    line.add("cpu", processor)
    line.add("cores", cores)
    line.add("kernel", kernel)
    line.add("swift", swift)
    line.add("static", isStatic)
    line.add("pinned", pinned)
    line.add("brief", isBrief)
    return line
  }

  func text(pinned: [Int]) -> String {
    let numbers = pinned.map(String.init).joined(separator: ", ")
    let place = pinned.isEmpty ? "not pinned" : "pinned to processors \(numbers)"
    return
      "\(processor), \(HumanUnits.count(cores, "core")), Linux \(kernel), Swift \(swift),"
      + " \(isStatic ? "static" : "dynamic"); \(place)"
  }

  private static var processorName: String? {
    guard let text = SmallFile.read("/proc/cpuinfo") else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      return line.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
    }
    return nil
  }

  // There is no call that tells the version; conditions of the compiler do, for those that are known here.
  private static var compilerVersion: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3.2)
      "6.3.2 or later"
    #elseif compiler(>=6.3.1)
      "6.3.1"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
