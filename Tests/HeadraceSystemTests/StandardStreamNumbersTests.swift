import Glibc
import HeadraceSystem
import Testing

/// What is opened while a standard stream is closed must not take its number.
@Suite struct StandardStreamNumbersTests {
  @Test func aDescriptorNeverTakesTheNumberOfAStandardStream() async throws {
    await #expect(processExitsWith: .success) {
      close(0)
      close(1)
      let signal = try EventSignal()
      let pipe = try Pipe()
      let memory = try MemoryFile(name: "test", byteCount: 4096)
      let numbers = [
        signal.descriptor.number, pipe.readEnd.number, pipe.writeEnd.number, memory.descriptor.number,
      ]
      guard numbers.allSatisfy({ $0 > 2 }), Set(numbers).count == 4 else { exit(1) }
      // The lowest numbers are free again.
      guard fcntl(0, F_GETFD) == -1, fcntl(1, F_GETFD) == -1 else { exit(2) }
      exit(0)
    }
  }
}
