import Glibc
import HeadraceSystem
import Testing

/// Descriptors are closed with the values that own them, also where an initializer fails.
@Suite struct FileDescriptorTests {
  @Test func everyDescriptorIsClosedWithItsOwner() async {
    await #expect(processExitsWith: .success) {
      let before = openDescriptorCount()
      for _ in 0..<100 {
        let file = try MemoryFile(name: "test", byteCount: 4096)
        let mapping = try Mapping(file)
        let signal = try EventSignal()
        let pipe = try Pipe()
        signal.signal()
        let readiness = Poll.wait(pipe.readEnd.number, signal.descriptor.number, until: 0)
        guard !readiness.first, readiness.second else { exit(1) }
        guard unsafe mapping.bytes.count == 4096, file.byteCount == 4096 else { exit(2) }
      }
      // The test library may open some of its own meanwhile; 100 times four would show.
      guard openDescriptorCount() < before + 50 else { exit(3) }
    }
  }

  @Test func aMemoryFileThatCannotBeMadeLeavesNothingOpen() async {
    await #expect(processExitsWith: .success) {
      let before = openDescriptorCount()
      for round in 0..<100 {
        do throws(Errno) {
          _ = try MemoryFile(name: "test", byteCount: round % 2 == 0 ? 0 : -1)
          exit(1)
        } catch {
          guard error.code == EINVAL else { exit(2) }
        }
      }
      guard openDescriptorCount() < before + 50 else { exit(3) }
    }
  }

  @Test func aMappingIsGoneWithItsOwner() async {
    await #expect(processExitsWith: .success) {
      var address = UInt(0)
      do {
        let mapping = try Mapping(MemoryFile(name: "test", byteCount: 4096))
        unsafe address = UInt(bitPattern: mapping.bytes.baseAddress)
        // msync(2): ENOMEM says that nothing is mapped there.
        guard unsafe msync(UnsafeMutableRawPointer(bitPattern: address), 4096, MS_ASYNC) == 0 else { exit(1) }
      }
      guard unsafe msync(UnsafeMutableRawPointer(bitPattern: address), 4096, MS_ASYNC) == -1, errno == ENOMEM else {
        exit(2)
      }
    }
  }

  @Test func descriptorsDoNotPassOnToExecutedPrograms() throws {
    let file = try MemoryFile(name: "test", byteCount: 1)
    let signal = try EventSignal()
    let pipe = try Pipe()
    let numbers = [
      file.descriptor.number, signal.descriptor.number, pipe.readEnd.number, pipe.writeEnd.number,
    ]
    for number in numbers { #expect(fcntl(number, F_GETFD) == FD_CLOEXEC) }
  }
}

/// Entries of /proc/self/fd, less the one that reading it takes.
private func openDescriptorCount() -> Int {
  guard let directory = unsafe opendir("/proc/self/fd") else { return -1 }
  defer { unsafe closedir(directory) }
  var count = 0
  while unsafe readdir(directory) != nil { count += 1 }
  return count - 3
}
