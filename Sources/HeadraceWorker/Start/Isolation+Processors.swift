import HeadraceCore
import HeadraceSystem

extension Isolation.Processors {
  /// Chooses from those that this process may use.
  ///
  /// - Returns: at least one.
  /// - Throws: `invalidArgument`, naming the value, the file that it was compared with, and what there is.
  func chosen(of allowed: [Int], _ topology: ProcessorTopology) throws(HeadraceError) -> [Int] {
    let chosen: [Int]
    switch self {
    case .all: chosen = allowed
    case .only(let wanted): chosen = allowed.filter(wanted.contains)
    case .allBut(let others): chosen = allowed.filter { !others.contains($0) }
    case .leaving(let count): chosen = try leave(count, of: allowed)
    case .node(let node, let count): chosen = try leave(count, of: try processors(of: node, topology), allowed)
    case .near(let device, let count):
      guard let address = ProcessorTopology.pciAddress(device) else {
        throw notPossible("\"\(device)\" is no address on the PCI bus, such as \"0000:65:00.0\" (see lspci -D)")
      }
      chosen = try leave(count, of: try processors(near: address, topology), allowed)
    case .nearGPU(let number, let count):
      let address = try gpuAddress(number, topology)
      chosen = try leave(count, of: try processors(near: address, topology), allowed)
    }
    guard !chosen.isEmpty else {
      throw HeadraceError(
        .invalidArgument,
        "processors: .\(self) leaves the worker none: this process may run on \(Self.list(allowed)).")
    }
    return chosen
  }

  private func leave(_ count: Int, of near: [Int], _ allowed: [Int]) throws(HeadraceError) -> [Int] {
    let usable = allowed.filter(Set(near).contains)
    guard !usable.isEmpty else {
      throw notPossible("they are \(Self.list(near)), and this process may run on \(Self.list(allowed))")
    }
    return try leave(count, of: usable)
  }

  private func leave(_ count: Int, of usable: [Int]) throws(HeadraceError) -> [Int] {
    guard count >= 0 else {
      throw HeadraceError(.invalidArgument, "processors: .\(self) is not possible; it must be 0 or more.")
    }
    return Array(ProcessorAffinity.fromHere(usable).dropFirst(max(0, min(count, usable.count - 1))))
  }

  private func processors(of node: Int, _ topology: ProcessorTopology) throws(HeadraceError) -> [Int] {
    guard let nodes = topology.nodes else {
      throw notPossible(
        "\(ProcessorTopology.nodesPath) cannot be read, so no NUMA nodes are known; name processors with .only")
    }
    guard nodes.contains(node) else {
      throw notPossible("\(ProcessorTopology.nodesPath) has the nodes \(Self.list(nodes))")
    }
    let path = ProcessorTopology.processorsPath(ofNode: node)
    guard let processors = topology.processors(ofNode: node) else { throw notPossible("\(path) cannot be read") }
    guard !processors.isEmpty else {
      throw notPossible("the node has no processors (\(path)); there are the nodes \(Self.list(nodes))")
    }
    return processors
  }

  private func processors(near address: String, _ topology: ProcessorTopology) throws(HeadraceError) -> [Int] {
    guard let processors = topology.processors(nearDevice: address) else {
      let others = topology.acceleratorAddresses
      throw notPossible(
        "\(ProcessorTopology.processorsPath(nearDevice: address)) cannot be read; "
          + (others.isEmpty
            ? "there is no GPU or accelerator on the bus" : "there are \(others.joined(separator: ", "))"))
    }
    return processors
  }

  private func gpuAddress(_ number: Int, _ topology: ProcessorTopology) throws(HeadraceError) -> String {
    let addresses = topology.gpuAddresses
    guard addresses.indices.contains(number) else {
      throw notPossible(
        addresses.isEmpty
          ? "\(ProcessorTopology.gpusPath) lists no NVIDIA GPU; name another device with .near(device:)"
          : "\(ProcessorTopology.gpusPath) lists the GPUs 0 to \(addresses.count - 1)")
    }
    return addresses[number]
  }

  private func notPossible(_ reason: String) -> HeadraceError {
    HeadraceError(.invalidArgument, "processors: .\(self) is not possible: \(reason).")
  }

  private static func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
}
