import CHeadraceLinux
import Glibc

/// One end of a connection between two processes that carries messages with open files.
///
/// A message may say anything of any length: what is long stands in a memory file that goes with it (unix(7),
/// SCM_RIGHTS).
///
/// ```
/// form u8 | text       1: what it says follows. 0: it stands in the first of the files
/// ```
public struct MessageSocket: ~Copyable, Sendable {
  /// Readable when there is a message, and at its end once nobody has the other end any more.
  public let descriptor: FileDescriptor

  /// The longest text, in bytes, that needs no file.
  public static var shortByteCount: Int { 4_096 }

  private enum Form: UInt8 {
    case inFile = 0
    case short = 1
  }

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

    fileprivate init(numbers: [Int32], content: [UInt8] = []) {
      self.numbers = numbers
      self.content = content
    }

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

    /// Closes those that nobody has taken.
    public mutating func closeDescriptors() {
      for number in numbers { _ = FileDescriptor(owning: number) }
      numbers = []
    }

    deinit { for number in numbers { _ = FileDescriptor(owning: number) } }
  }

  /// Sends a message. Waits where there are some hundred messages that the receiver has not taken, unless the socket is
  /// one that was accepted: then it is EAGAIN.
  ///
  /// - Parameter descriptors: numbers of up to 63 open files, of which the receiver gets copies.
  /// - Throws: EPIPE when nobody has the other end; of sendmsg(2), and for what is not short of memfd_create(2).
  public borrowing func send(_ content: [UInt8], _ descriptors: [Int32] = []) throws(Errno) {
    try Self.send(content, descriptors, to: descriptor.number)
  }

  /// Waits for a message. Returns nil when nobody has the other end any more.
  ///
  /// For messages of a process that is trusted: what is sent as a file is read, however long that takes.
  ///
  /// - Throws: EMFILE when this process may not open as many files; of recvmsg(2).
  public borrowing func receive() throws(Errno) -> Message? { try Self.receive(from: descriptor.number) }

  /// Takes what somebody says who need not be trusted: a short text. Nothing that goes with it is opened or read here,
  /// so the caller neither waits for it nor needs a descriptor. Returns nil when nobody has the other end any more.
  ///
  /// - Throws: EMSGSIZE and EBADMSG for what is no short text; EAGAIN where the socket was accepted, and nothing has
  ///   come yet; of recvmsg(2).
  public borrowing func receiveShort() throws(Errno) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 1 + Self.shortByteCount)
    var byteCount = 0
    var count: Int32 = 0
    let result = try retryingOnInterrupt("recvmsg") {
      unsafe headrace_receive_message(descriptor.number, &bytes, bytes.count, &byteCount, nil, &count)
    }
    guard result == 1 else { return nil }
    guard Form(rawValue: bytes[0]) == .short else { throw Errno("recvmsg", code: EBADMSG) }
    return Array(bytes[1..<byteCount])
  }

  private static func send(_ content: [UInt8], _ descriptors: [Int32], to socket: Int32) throws(Errno) {
    guard content.count > shortByteCount else {
      return try send(bytes: [Form.short.rawValue] + content, descriptors, to: socket)
    }
    let file = try GrowingMemoryFile(name: "headrace-message")
    guard unsafe content.withUnsafeBytes({ unsafe file.write($0, at: 0) }) else { throw Errno("pwrite", code: ENOMEM) }
    try send(bytes: [Form.inFile.rawValue], [file.descriptor.number] + descriptors, to: socket)
  }

  private static func send(bytes: [UInt8], _ descriptors: [Int32], to socket: Int32) throws(Errno) {
    _ = try retryingOnInterrupt("sendmsg") {
      unsafe headrace_send_message(socket, bytes, bytes.count, descriptors, Int32(descriptors.count))
    }
  }

  private static func receive(from socket: Int32) throws(Errno) -> Message? {
    var bytes = [UInt8](repeating: 0, count: 1 + shortByteCount)
    var byteCount = 0
    var numbers = [Int32](repeating: -1, count: Int(HEADRACE_MAXIMUM_DESCRIPTORS))
    var count: Int32 = 0
    let result = try retryingOnInterrupt("recvmsg") {
      unsafe headrace_receive_message(socket, &bytes, bytes.count, &byteCount, &numbers, &count)
    }
    guard result == 1 else { return nil }
    var message = Message(numbers: Array(numbers.prefix(Int(count))), content: Array(bytes[1..<byteCount]))
    switch Form(rawValue: bytes[0]) {
    case .short?: break
    case .inFile?: try message.readContent()
    case nil: throw Errno("recvmsg", code: EBADMSG)
    }
    return message
  }
}
