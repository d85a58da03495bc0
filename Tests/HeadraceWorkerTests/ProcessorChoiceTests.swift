import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Testing

@testable import HeadraceWorker

/// Which processors a loader gets on machines of several nodes, which are trees of files here.
@Suite struct ProcessorChoiceTests {
  private static let files = [
    "sys/devices/system/node/online": "0-2\n", "sys/devices/system/node/node0/cpulist": "0-3\n",
    "sys/devices/system/node/node1/cpulist": "4-7\n", "sys/devices/system/node/node2/cpulist": "\n",
    "sys/bus/pci/devices/0000:01:00.0/class": "0x030200\n", "sys/bus/pci/devices/0000:01:00.0/local_cpulist": "4-7\n",
    // Its node is not told: -1.
    "sys/bus/pci/devices/0000:02:00.0/class": "0x030200\n", "sys/bus/pci/devices/0000:02:00.0/local_cpulist": "0-7\n",
    "proc/driver/nvidia/gpus/0000:01:00.0/information": "x", "proc/driver/nvidia/gpus/0000:02:00.0/information": "x",
  ]

  private func choose(
    _ processors: Isolation.Processors, of allowed: [Int] = Array(0..<8), without missing: String = "none"
  ) throws -> [Int] {
    let folder = try TemporaryFolder()
    for (name, text) in Self.files where !name.contains(missing) { try folder.write(name, Array(text.utf8)) }
    return try processors.chosen(of: allowed, ProcessorTopology(root: folder.path)).sorted()
  }

  private func refusal(
    _ processors: Isolation.Processors, of allowed: [Int] = Array(0..<8), without missing: String = "none"
  ) -> String? {
    do {
      _ = try choose(processors, of: allowed, without: missing)
      return nil
    } catch let error as HeadraceError {
      return error.code == .invalidArgument ? error.message : nil
    } catch {
      return nil
    }
  }

  @Test func aNodesProcessorsAreThoseThatThisProcessMayUse() throws {
    for allowed in [Array(0..<8), [0, 1, 6, 7], [3, 4]] {
      #expect(try choose(.node(0), of: allowed) == allowed.filter { $0 < 4 })
      #expect(try choose(.node(1), of: allowed) == allowed.filter { $0 >= 4 })
      #expect(try choose(.near(device: "0000:01:00.0"), of: allowed) == allowed.filter { $0 >= 4 })
      #expect(try choose(.near(device: "00000000:01:00.0"), of: allowed) == allowed.filter { $0 >= 4 })
      #expect(try choose(.nearGPU(0), of: allowed) == allowed.filter { $0 >= 4 })
      #expect(try choose(.near(device: "02:00.0"), of: allowed) == allowed)
      #expect(try choose(.nearGPU(1), of: allowed) == allowed)
    }
  }

  /// The processor that this thread is on is left first, whichever that is.
  @Test(arguments: 0...5) func soManyAreLeftToTheTrainerAndOneToTheLoader(count: Int) throws {
    for processors in [
      Isolation.Processors.node(1, leaving: count), .near(device: "01:00.0", leaving: count),
      .nearGPU(0, leaving: count),
    ] {
      let chosen = try choose(processors)
      #expect(chosen.count == max(1, 4 - count))
      #expect(Set(chosen).isSubset(of: [4, 5, 6, 7]))
    }
  }

  @Test func whatIsNotPossibleNamesTheFileAndTheChoices() {
    #expect(
      refusal(.node(3))
        == "processors: .node(3, leaving: 0) is not possible: /sys/devices/system/node/online has the nodes 0, 1, 2.")
    #expect(refusal(.node(-1))?.hasSuffix("/sys/devices/system/node/online has the nodes 0, 1, 2.") == true)
    #expect(
      refusal(.node(2))?.hasSuffix(
        "the node has no processors (/sys/devices/system/node/node2/cpulist); there are the nodes 0, 1, 2.") == true)
    #expect(
      refusal(.node(1), of: [0, 1])?.hasSuffix(": they are 4, 5, 6, 7, and this process may run on 0, 1.") == true)
    #expect(
      refusal(.node(0), without: "online")?.hasSuffix(
        "/sys/devices/system/node/online cannot be read, so no NUMA nodes are known; name processors with .only.")
        == true)
    #expect(
      refusal(.node(0), without: "node0")?.hasSuffix("/sys/devices/system/node/node0/cpulist cannot be read.") == true)
    #expect(refusal(.node(0, leaving: -1))?.hasSuffix("it must be 0 or more.") == true)
    #expect(
      refusal(.near(device: "0000:99:00.0"))?.hasSuffix(
        "/sys/bus/pci/devices/0000:99:00.0/local_cpulist cannot be read; there are 0000:01:00.0, 0000:02:00.0.") == true
    )
    #expect(
      refusal(.near(device: "0000:01:00.0"), without: "pci")?.hasSuffix(
        "there is no GPU or accelerator on the bus.") == true)
    #expect(refusal(.near(device: "cuda:0"))?.contains("\"cuda:0\" is no address on the PCI bus") == true)
    #expect(refusal(.nearGPU(2))?.hasSuffix("/proc/driver/nvidia/gpus lists the GPUs 0 to 1.") == true)
    #expect(refusal(.nearGPU(-1))?.hasSuffix("/proc/driver/nvidia/gpus lists the GPUs 0 to 1.") == true)
    #expect(
      refusal(.nearGPU(0), without: "nvidia")?.hasSuffix(
        "/proc/driver/nvidia/gpus lists no NVIDIA GPU; name another device with .near(device:).") == true)
  }
}
