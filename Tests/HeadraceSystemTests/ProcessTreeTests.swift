import Glibc
import HeadraceSystem
import Testing

@Suite struct ProcessTreeTests {
  @Test func aChildIsListedFromItsStartUntilItIsReaped() throws {
    var buffer: [UInt8] = []
    let child = try Spawned("/bin/sleep", ["1000"])
    #expect(ProcessTree.children(of: getpid(), buffer: &buffer).contains(child.processID))
    #expect(ProcessTree.children(of: child.processID, buffer: &buffer) == [])
    kill(child.processID, SIGKILL)
    child.waitWithoutReaping()
    #expect(ProcessTree.children(of: getpid(), buffer: &buffer).contains(child.processID))
    #expect(ProcessTree.children(of: child.processID, buffer: &buffer) == [])
    child.reap()
    #expect(!ProcessTree.children(of: getpid(), buffer: &buffer).contains(child.processID))
  }

  @Test func aNumberThatNoProcessHasHasNoChildren() {
    var buffer: [UInt8] = []
    #expect(ProcessTree.children(of: -1, buffer: &buffer) == [])
  }
}
