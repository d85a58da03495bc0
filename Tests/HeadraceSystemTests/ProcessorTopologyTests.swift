import HeadraceTestSupport
import Testing

@testable import HeadraceSystem

/// Trees of files as the kernel shows them for processors, nodes and devices.
@Suite struct ProcessorTopologyTests {
  private func topology<Result>(
    _ files: [String: String], _ read: (ProcessorTopology) throws -> Result
  ) throws -> Result {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, Array(text.utf8)) }
    return try read(ProcessorTopology(root: folder.path))
  }

  @Test(
    arguments: [
      ("0-3\n", [0, 1, 2, 3]), ("5\n", [5]), ("0-1,8-9\n", [0, 1, 8, 9]), ("3,1,0-1\n", [0, 1, 3]), ("\n", []),
      ("", []),
      ("3-1\n", []), ("all\n", []), ("0-99999999999999999999\n", [0]), ("0-9999999\n", []), ("-\n", []),
    ] as [(String, [Int])])
  func aListIsWhatTheKernelMeansByIt(text: String, numbers: [Int]) {
    #expect(ProcessorTopology.numbers(text) == numbers)
  }

  private static let nodes = [
    "sys/devices/system/node/online": "0-1,4\n", "sys/devices/system/node/node0/cpulist": "0-1,4-5\n",
    "sys/devices/system/node/node1/cpulist": "2-3,6-7\n",
    // Memory alone.
    "sys/devices/system/node/node4/cpulist": "\n",
    // Switched off: its folder may be there.
    "sys/devices/system/node/node2/cpulist": "8\n",
  ]

  @Test func eachNodeHasItsProcessorsAndOneThatIsOffHasNone() throws {
    try topology(Self.nodes) { topology in
      #expect(topology.nodes == [0, 1, 4])
      #expect(topology.processors(ofNode: 0) == [0, 1, 4, 5])
      #expect(topology.processors(ofNode: 1) == [2, 3, 6, 7])
      #expect(topology.processors(ofNode: 4) == [])
      for node in [2, 3, -1, 5, .max] { #expect(topology.processors(ofNode: node) == nil) }
    }
  }

  @Test(arguments: nodes.keys.sorted()) func aFileThatIsMissingIsNoNode(missing: String) throws {
    var files = Self.nodes
    files[missing] = nil
    try topology(files) { topology in
      for node in [0, 1, 4] {
        let isThere = missing != "sys/devices/system/node/online" && !missing.contains("node\(node)/")
        #expect((topology.processors(ofNode: node) != nil) == isThere)
      }
    }
  }

  @Test func devicesAreFoundByWhatTheyDoAndGPUsInTheOrderOfTheBus() throws {
    var files = [
      "proc/driver/nvidia/gpus/0000:c1:00.0/information": "x", "proc/driver/nvidia/gpus/0000:01:00.0/information": "x",
    ]
    let classes = [
      "0000:01:00.0": "0x030200\n", "0000:c1:00.0": "0x030000\n", "0000:02:00.0": "0x120000\n",
      "0000:03:00.0": "0x010802\n",
    ]
    for (address, text) in classes {
      files["sys/bus/pci/devices/\(address)/class"] = text
      files["sys/bus/pci/devices/\(address)/local_cpulist"] = address == "0000:c1:00.0" ? "2-3\n" : "0-1\n"
    }
    try topology(files) { topology in
      #expect(topology.gpuAddresses == ["0000:01:00.0", "0000:c1:00.0"])
      #expect(topology.acceleratorAddresses == ["0000:01:00.0", "0000:02:00.0", "0000:c1:00.0"])
      #expect(topology.processors(nearDevice: "0000:c1:00.0") == [2, 3])
      #expect(topology.processors(nearDevice: "0000:01:00.0") == [0, 1])
      #expect(topology.processors(nearDevice: "0000:99:00.0") == nil)
    }
    try topology([:]) { topology in
      #expect(topology.gpuAddresses == [] && topology.acceleratorAddresses == [] && topology.nodes == nil)
    }
  }

  @Test(
    arguments: [
      ("0000:65:00.0", "0000:65:00.0"), ("65:00.0", "0000:65:00.0"), ("00000000:C1:1F.7", "0000:c1:1f.7"),
      ("10000:0:0.0", "10000:00:00.0"), ("", nil), ("0", nil), ("65", nil), ("65:00", nil), ("0000:65:20.0", nil),
      ("0000:65:00.8", nil), ("0000:100:00.0", nil), ("../../x:00.0", nil), ("0000:65:00.0/..", nil), ("::.", nil),
      ("0:0000:65:00.0", nil), ("0000:65:00.0.0", nil), ("0000:65:-1.0", nil), ("100000000:65:00.0", nil),
    ] as [(String, String?)])
  func anAddressOnTheBusIsWrittenAsTheKernelWritesIt(text: String, address: String?) {
    #expect(ProcessorTopology.pciAddress(text) == address)
  }

  @Test func thisMachineHasTheProcessorsThatItHas() {
    let topology = ProcessorTopology()
    for node in topology.nodes ?? [] { #expect(topology.processors(ofNode: node) != nil) }
  }
}
