import Glibc
import HeadraceSystem
import HeadraceTestSupport
import Testing

@Suite struct MessageSocketTests {
  /// Around the length from which on a text lies in a file.
  @Test(arguments: [0, 1, 4_095, 4_096, 4_097, 1 << 20]) func aTextOfAnyLengthArrivesWithItsFiles(length: Int) throws {
    let ends = try MessageSocket.Pair()
    let signal = try EventSignal()
    let text = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
    try ends.send(text, [signal.descriptor.number])
    var message = try receive(ends.farNumber)!
    #expect(message.content == text)
    let received = EventSignal(try message.takeDescriptor())
    received.signal()
    #expect(Poll.wait(signal.descriptor.number, until: 0).first)
    #expect(throws: Errno("recvmsg", code: EBADMSG)) { _ = try message.takeDescriptor() }
  }

  @Test func aShortTextNeedsNoFileToBeSentOrHeard() async {
    await #expect(processExitsWith: .success) {
      guard let ends = try? MessageSocket.Pair(), let far = try? copy(ends.farNumber) else { exit(1) }
      forbidFiles()
      for length in [0, 1, MessageSocket.shortByteCount] {
        do throws(Errno) { try ends.send([UInt8](repeating: 7, count: length)) } catch { exit(2) }
        guard (try? far.receiveShort())?.count == length else { exit(3) }
      }
      do throws(Errno) {
        try ends.send([UInt8](repeating: 7, count: MessageSocket.shortByteCount + 1))
        exit(4)
      } catch {
        guard error.isLimitOfFiles else { exit(5) }
      }
    }
  }

  @Test func ofWhatIsNotTrustedNothingButAShortTextIsRead() throws {
    let signal = try EventSignal()
    let ends = try MessageSocket.Pair()
    let far = try copy(ends.farNumber)
    // In a file.
    try ends.send([UInt8](repeating: 7, count: MessageSocket.shortByteCount + 1))
    #expect(throws: Errno("recvmsg", code: EBADMSG)) { _ = try far.receiveShort() }
    // Longer than it may be.
    let long = [UInt8](repeating: 1, count: MessageSocket.shortByteCount + 2)
    #expect(unsafe send(ends.nearNumber, long, long.count, 0) == long.count)
    #expect(throws: Errno("recvmsg", code: EMSGSIZE)) { _ = try far.receiveShort() }
    // Of no form.
    #expect(unsafe send(ends.nearNumber, [UInt8(2)], 1, 0) == 1)
    #expect(throws: Errno("recvmsg", code: EBADMSG)) { _ = try far.receiveShort() }
    // Files that come along are not opened: the next one gets the number that was free before.
    let free = dup(signal.descriptor.number)
    close(free)
    try ends.send([7], [signal.descriptor.number, signal.descriptor.number])
    #expect(try far.receiveShort() == [7])
    _ = FileDescriptor(owning: free)
    #expect(fcntl(free, F_GETFD) == -1 || isNotEvent(free))
  }

  /// A pipe, which the test library may have opened meanwhile, has another name.
  private func isNotEvent(_ number: Int32) -> Bool {
    FileSystem.destination(of: "/proc/self/fd/\(number)") != "anon_inode:[eventfd]"
  }

  @Test func onASocketThatWasAcceptedNoCallWaits() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let listening = try ListeningSocket(path: folder.file("s"))
    #expect(try isNobody(listening))
    let client = try ListeningSocket.connect(to: folder.file("s"))
    let socket = try listening.accept()!
    #expect(throws: Errno("recvmsg", code: EAGAIN)) { _ = try socket.receiveShort() }
    #expect(throws: Errno("sendmsg", code: EAGAIN)) { while true { try socket.send([1, 2, 3]) } }
    let heard = try receive(client.descriptor.number)!
    #expect(heard.content == [1, 2, 3])
    // It is this process at both ends.
    for user in [client.isOfSameUser, socket.isOfSameUser] { #expect(user) }
    #expect(socket.peerProcessID == Int(getpid()) && socket.peerUserID == Int(geteuid()))
  }

  private func isNobody(_ socket: borrowing ListeningSocket) throws -> Bool { try socket.accept() == nil }
}

/// One's own descriptor of an end that a pair has.
private func copy(_ number: Int32) throws(Errno) -> MessageSocket {
  MessageSocket(FileDescriptor(owning: fcntl(number, F_DUPFD_CLOEXEC, 0)))
}

private func receive(_ number: Int32) throws(Errno) -> MessageSocket.Message? { try copy(number).receive() }

/// No further file can be opened in this process.
private func forbidFiles() {
  var limit = rlimit(rlim_cur: 3, rlim_max: 3)
  if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 { exit(9) }
}
