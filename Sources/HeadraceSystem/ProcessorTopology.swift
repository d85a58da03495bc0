/// Which processors are near to which memory, and to which device, as the kernel shows it in /sys and /proc.
package struct ProcessorTopology {
  /// What stands before each path: nothing for the machine's own files, or a tree of a test's.
  private let root: String

  package init(root: String = "") { self.root = root }

  /// Where the NUMA nodes are that have memory or processors now.
  package static let nodesPath = "/sys/devices/system/node/online"
  /// Where the driver lists NVIDIA GPUs.
  package static let gpusPath = "/proc/driver/nvidia/gpus"
  private static let devicesPath = "/sys/bus/pci/devices"

  /// Where the processors of a node are.
  package static func processorsPath(ofNode node: Int) -> String { "/sys/devices/system/node/node\(node)/cpulist" }

  /// Where the processors are that are near to a device.
  package static func processorsPath(nearDevice address: String) -> String { "\(devicesPath)/\(address)/local_cpulist" }

  /// Numbers of the NUMA nodes, ascending; nil where the kernel knows none (built without CONFIG_NUMA).
  package var nodes: [Int]? { read(Self.nodesPath).map(Self.numbers) }

  /// Processors of a node, ascending, none for one that has only memory; nil where there is no such node.
  package func processors(ofNode node: Int) -> [Int]? {
    guard let nodes, nodes.contains(node) else { return nil }
    return read(Self.processorsPath(ofNode: node)).map(Self.numbers)
  }

  /// Processors of the node that a device is on, ascending, all where the firmware does not tell; nil where there is no
  /// such device.
  ///
  /// - Parameter address: as `pciAddress` writes it.
  package func processors(nearDevice address: String) -> [Int]? {
    read(Self.processorsPath(nearDevice: address)).map(Self.numbers)
  }

  /// Addresses of the NVIDIA GPUs, in the order in which nvidia-smi(1) numbers them; empty where the driver is not
  /// there.
  package var gpuAddresses: [String] {
    ((try? FileSystem.entries(of: "\(root)\(Self.gpusPath)")) ?? []).compactMap { Self.pciAddress($0.name) }.sorted()
  }

  /// Addresses of the devices that compute or draw, by their class: 0x03 and 0x12, of the PCI code and ID assignment.
  package var acceleratorAddresses: [String] {
    let devices = (try? FileSystem.entries(of: "\(root)\(Self.devicesPath)")) ?? []
    return devices.map(\.name).filter { name in
      let code = read("\(Self.devicesPath)/\(name)/class") ?? ""
      return code.hasPrefix("0x03") || code.hasPrefix("0x12")
    }.sorted()
  }

  /// An address on the PCI bus as the kernel writes it, `0000:65:00.0`, of one that stands in capitals, without a
  /// domain, or with one of eight digits as nvidia-smi(1) writes it; nil for what is none.
  package static func pciAddress(_ text: String) -> String? {
    let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3 else { return nil }
    let end = parts[parts.count - 1].split(separator: ".", omittingEmptySubsequences: false)
    let fields = [parts.count == 3 ? parts[0] : "0", parts[parts.count - 2]] + end
    guard end.count == 2, fields.allSatisfy({ (1...8).contains($0.count) && $0.allSatisfy(\.isHexDigit) }) else {
      return nil
    }
    let numbers = fields.compactMap { UInt32($0, radix: 16) }
    guard numbers.count == 4, numbers[1] < 1 << 8, numbers[2] < 1 << 5, numbers[3] < 1 << 3 else { return nil }
    let digits = numbers.map { String($0, radix: 16) }
    func padded(_ text: String, _ count: Int) -> String {
      String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(padded(digits[0], 4)):\(padded(digits[1], 2)):\(padded(digits[2], 2)).\(digits[3])"
  }

  /// The numbers of a list such as `0-3,8`, ascending; what is none is left out.
  static func numbers(_ text: String) -> [Int] {
    var numbers: Set<Int> = []
    for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      let bounds = part.split(separator: "-").compactMap { Int($0) }
      if let low = bounds.first, let high = bounds.last, low <= high, high < 1 << 20 { numbers.formUnion(low...high) }
    }
    return numbers.sorted()
  }

  private func read(_ path: String) -> String? { SmallFile.read(root + path) }
}
