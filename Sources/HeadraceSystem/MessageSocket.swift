import CHeadraceLinux
import Glibc

/// One end of a connection between two processes that carries messages with open files.
///
/// What a message says stands in a memory file that goes with it, so that it may have any length: the socket itself
/// carries descriptors only (unix(7), SCM_RIGHTS).
public struct MessageSocket: ~Copyable, Sendable {
  /// Readable when there is a message, and at its end once nobody has the other end any more.
  public let descriptor: FileDescriptor

  /// Takes ownership of an end that was received.
  public init(_ descriptor: consuming FileDescriptor) {
    self.descriptor = descriptor
  }

  /// Both ends of a new connection: a near one for this process, and a far one for another, to be closed here once it
  /// is sent, or nobody will notice that the other process has ended.
  public struct Pair: ~Copyable, Sendable {
    private var near: MessageSocket?
    private var far: MessageSocket?

    /// See `man 2 socketpair`, SOCK_SEQPACKET.
    public init() throws(Errno) {
      var ends: [Int32] = [-1, -1]
      guard unsafe headrace_socket_pair(&ends) == 0 else { throw Errno.last("socketpair") }
      near = MessageSocket(FileDescriptor(owning: ends[0]))
      far = MessageSocket(FileDescriptor(owning: ends[1]))
    }

    /// Number of the near end's descriptor; -1 once that is closed or taken.
    public var nearNumber: Int32 { Self.number(near) }
    /// Number of the far end's descriptor; -1 once that is closed or taken.
    public var farNumber: Int32 { Self.number(far) }

    private static func number(_ end: borrowing MessageSocket?) -> Int32 {
      switch end {
      case .some(let socket): socket.descriptor.number
      case .none: -1
      }
    }

    /// Closes the near end in this process.
    public mutating func closeNear() { near = nil }
    /// Closes the far end in this process.
    public mutating func closeFar() { far = nil }
    /// The near end by itself.
    public mutating func takeNear() -> MessageSocket? { near.take() }
    /// The far end by itself.
    public mutating func takeFar() -> MessageSocket? { far.take() }

    /// Sends a message from the near end; see `MessageSocket.send`.
    public borrowing func send(_ content: [UInt8], _ descriptors: [Int32] = []) throws(Errno) {
      try MessageSocket.send(content, descriptors, to: nearNumber)
    }

    /// Waits for a message at the near end; see `MessageSocket.receive`.
    public borrowing func receive() throws(Errno) -> Message? {
      try MessageSocket.receive(from: nearNumber)
    }
  }

  /// What was received: its text, and the open files that came with it.
  public struct Message: ~Copyable {
    /// What it says.
    public private(set) var content: [UInt8] = []
    private var numbers: [Int32]

    fileprivate init(numbers: [Int32]) { self.numbers = numbers }

    /// The next of its files, in the order in which they were sent. Those that nobody takes are closed with the
    /// message.
    ///
    /// - Throws: EBADMSG when there are no more.
    public mutating func takeDescriptor() throws(Errno) -> FileDescriptor {
      guard !numbers.isEmpty else { throw Errno("recvmsg", code: EBADMSG) }
      return FileDescriptor(owning: numbers.removeFirst())
    }

    fileprivate mutating func readContent() throws(Errno) {
      let file = GrowingMemoryFile(try takeDescriptor())
      var bytes = [UInt8](repeating: 0, count: file.byteCount)
      guard unsafe bytes.withUnsafeMutableBytes({ unsafe file.read($0, at: 0) }) else {
        throw Errno("pread", code: EIO)
      }
      content = bytes
    }

    deinit { for number in numbers { _ = FileDescriptor(owning: number) } }
  }

  /// Sends a message. Never waits for the receiver, unless there are some hundred messages that it has not taken.
  ///
  /// - Parameter descriptors: numbers of up to 63 open files, of which the receiver gets copies.
  /// - Throws: EPIPE when nobody has the other end; of memfd_create(2) and sendmsg(2).
  public borrowing func send(_ content: [UInt8], _ descriptors: [Int32] = []) throws(Errno) {
    try Self.send(content, descriptors, to: descriptor.number)
  }

  /// Waits for a message. Returns nil when nobody has the other end any more.
  ///
  /// - Throws: EMFILE when this process may not open as many files; of recvmsg(2).
  public borrowing func receive() throws(Errno) -> Message? { try Self.receive(from: descriptor.number) }

  private static func send(_ content: [UInt8], _ descriptors: [Int32], to socket: Int32) throws(Errno) {
    let file = try GrowingMemoryFile(name: "headrace-message")
    guard unsafe content.withUnsafeBytes({ unsafe file.write($0, at: 0) }) else { throw Errno("pwrite", code: ENOMEM) }
    let all = [file.descriptor.number] + descriptors
    _ = try retryingOnInterrupt("sendmsg") { unsafe headrace_send_descriptors(socket, all, Int32(all.count)) }
  }

  private static func receive(from socket: Int32) throws(Errno) -> Message? {
    var numbers = [Int32](repeating: -1, count: Int(HEADRACE_MAXIMUM_DESCRIPTORS))
    var count: Int32 = 0
    let result = try retryingOnInterrupt("recvmsg") {
      unsafe headrace_receive_descriptors(socket, &numbers, &count)
    }
    guard result == 1 else { return nil }
    var message = Message(numbers: Array(numbers.prefix(Int(count))))
    try message.readContent()
    return message
  }
}
