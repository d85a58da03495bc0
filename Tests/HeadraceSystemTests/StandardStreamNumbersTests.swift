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
      // The lowest numbers were given back, and may by now be those of a file that another thread opened.
      for number in [pipe.readEnd.number, pipe.writeEnd.number, memory.descriptor.number] {
        for low in 0...1 as ClosedRange<Int32> where isSameFile(low, number) { exit(2) }
      }
      exit(0)
    }
  }

  /// A shard that is being written would take up what the program prints.
  @Test func aFileNeverTakesTheNumberOfAStandardStream() async throws {
    await #expect(processExitsWith: .success) {
      let path = "/tmp/headrace-standard-stream-tests-\(getpid())"
      defer { FileSystem.remove(path) }
      close(1)
      close(2)
      let file = try File(creating: path)
      for number in 1...2 as ClosedRange<Int32> { _ = unsafe write(number, "printed", 7) }
      guard try file.size() == 0, try File(reading: path).size() == 0 else { exit(1) }
    }
  }
}

/// Whether two descriptors stand for the same open file. See: `man 2 kcmp`, which only the privileged may call; inodes
/// tell pipes and memory files apart as well.
private func isSameFile(_ first: Int32, _ second: Int32) -> Bool {
  var left = stat()
  var right = stat()
  guard unsafe fstat(first, &left) == 0, unsafe fstat(second, &right) == 0 else { return false }
  return left.st_dev == right.st_dev && left.st_ino == right.st_ino
}
