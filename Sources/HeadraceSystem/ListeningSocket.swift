import CHeadraceLinux
import Glibc

/// A socket with a path, to which processes of the same user connect. See `man 7 unix`, SOCK_SEQPACKET.
public struct ListeningSocket: ~Copyable, Sendable {
  /// Readable when somebody has connected.
  public let descriptor: FileDescriptor
  /// Where it lies.
  public let path: String

  /// Why a path cannot be listened at, or connected to.
  public enum Refusal: Error, Hashable, Sendable {
    /// It has more bytes than the address of a socket has room for.
    case tooLong(limit: Int)
    /// A process listens there; its number, where that can be told.
    case inUse(by: Int?)
    /// There is a file, and it is no socket.
    case noSocket
    /// Nobody listens there.
    case nobody
    /// All else.
    case system(Errno)
  }

  /// Bytes that the path of a socket may have.
  public static var maximumPathByteCount: Int { Int(HEADRACE_MAXIMUM_SOCKET_PATH) }

  /// Makes the file, mode 0600, and listens. A socket that is there, and nobody listens at, is replaced.
  public init(path: String) throws(Refusal) {
    let lock = Self.lockFolder(of: path)
    defer { withExtendedLifetime(lock) {} }
    var number = unsafe headrace_listen(path)
    if number < 0, errno == EADDRINUSE {
      guard try Self.isDead(path) else { throw .inUse(by: nil) }
      unsafe unlink(path)
      number = unsafe headrace_listen(path)
    }
    guard number >= 0 else { throw Self.refusal("bind") }
    descriptor = FileDescriptor(owning: number)
    self.path = path
  }

  /// One that another process has made.
  public init(_ descriptor: consuming FileDescriptor, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Who has connected first of those that have not been accepted yet; nil if there is nobody. No call of it waits:
  /// where nothing has come yet, or the other side takes nothing, it is EAGAIN.
  public func accept() throws(Errno) -> MessageSocket? {
    let number = headrace_accept(descriptor.number)
    if number >= 0 { return MessageSocket(FileDescriptor(owning: number)) }
    // Who has connected may have gone since.
    if [EAGAIN, EINTR, ECONNABORTED].contains(errno) { return nil }
    throw Errno.last("accept4")
  }

  /// Connects to a socket that another process listens at.
  public static func connect(to path: String) throws(Refusal) -> MessageSocket {
    let number = unsafe headrace_connect(path)
    guard number >= 0 else { throw refusal("connect") }
    return MessageSocket(FileDescriptor(owning: number))
  }

  /// Removes the file if it is a socket that nobody listens at any more.
  public static func removeIfDead(_ path: String) {
    let lock = lockFolder(of: path)
    if (try? isDead(path)) == true { unsafe unlink(path) }
    withExtendedLifetime(lock) {}
  }

  /// Whether nobody listens.
  ///
  /// - Throws: `inUse`, naming the process, where somebody does.
  private static func isDead(_ path: String) throws(Refusal) -> Bool {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return false }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .noSocket }
    let socket: MessageSocket
    do throws(Refusal) { socket = try connect(to: path) } catch .nobody { return true }
    throw .inUse(by: socket.peerProcessID)
  }

  private static func refusal(_ call: String) -> Refusal {
    switch errno {
    case ENAMETOOLONG: .tooLong(limit: maximumPathByteCount)
    case ECONNREFUSED: .nobody
    case ENOTSOCK, EPROTOTYPE: .noSocket
    default: .system(.last(call))
    }
  }

  /// Of two that find a dead socket at the same time, one would remove what the other has just made. Where the folder
  /// cannot be locked within a second that risk is taken.
  private static func lockFolder(of path: String) -> FileDescriptor? {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let number = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let descriptor = FileDescriptor(owning: number)
    let deadline = MonotonicClock.now + 1_000_000_000
    while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK, MonotonicClock.now < deadline {
      usleep(2_000)
    }
    return descriptor
  }
}

extension MessageSocket {
  /// Number of the process at the other end: the one that has connected, or that listens; nil where it cannot be told.
  public var peerProcessID: Int? { peer.flatMap { $0.process > 0 ? Int($0.process) : nil } }

  /// The user of that process; nil where it cannot be told.
  public var peerUserID: Int? { peer.map { Int($0.user) } }

  /// Whether that process is of the same user as this one, or root's.
  public var isOfSameUser: Bool { peerUserID == Int(geteuid()) || peerUserID == 0 }

  private var peer: (process: pid_t, user: uid_t)? {
    var (process, user) = (pid_t(), uid_t())
    return unsafe headrace_peer(descriptor.number, &process, &user) == 0 ? (process, user) : nil
  }
}
