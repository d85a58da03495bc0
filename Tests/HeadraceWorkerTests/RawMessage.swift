import Glibc

/// What a program that is no reader sends to a loader: any bytes, any files.
enum RawMessage {
  /// Sends it as it is. See `man 2 sendmsg`, `man 7 unix`.
  static func send(_ bytes: [UInt8], _ files: [Int32], to socket: Int32) {
    var bytes = bytes
    // struct cmsghdr: length u64, level i32, type i32, and what follows, in multiples of 8 bytes.
    var control = [UInt8](repeating: 0, count: 16 + (4 * files.count + 7) / 8 * 8)
    unsafe control.withUnsafeMutableBytes { memory in
      unsafe memory.storeBytes(of: UInt64(16 + 4 * files.count), as: UInt64.self)
      unsafe memory.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
      unsafe memory.storeBytes(of: Int32(1), toByteOffset: 12, as: Int32.self)
      for (index, file) in files.enumerated() {
        unsafe memory.storeBytes(of: file, toByteOffset: 16 + 4 * index, as: Int32.self)
      }
    }
    unsafe bytes.withUnsafeMutableBytes { text in
      unsafe control.withUnsafeMutableBytes { memory in
        var part = unsafe iovec(iov_base: text.baseAddress, iov_len: text.count)
        unsafe withUnsafeMutablePointer(to: &part) { part in
          var message = unsafe msghdr()
          unsafe message.msg_iov = part
          unsafe message.msg_iovlen = 1
          if !files.isEmpty {
            unsafe message.msg_control = memory.baseAddress
            unsafe message.msg_controllen = memory.count
          }
          unsafe sendmsg(socket, &message, Int32(MSG_NOSIGNAL))
        }
      }
    }
  }
}
