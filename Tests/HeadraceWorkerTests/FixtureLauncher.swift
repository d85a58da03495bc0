import Glibc

/// Starts `WorkerFixture`, which lies beside the test bundle.
enum FixtureLauncher {
  /// Starts the program in a process group of its own. Returns its process.
  ///
  /// - Parameter output: Where its standard output and its standard error go: what a crash that is wanted says belongs
  ///   to the test that wants it.
  static func spawn(_ arguments: [String], output: Int32) throws -> Int32 {
    let path = try path
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // Threads of Dispatch block most signals, and a child starts with the mask of the thread that spawns it.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

    // Crashes are wanted in places: a report of each would take longer than the test.
    var environment: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("SWIFT_BACKTRACE=enable=no"), nil]
    var list: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe (environment + list).forEach { unsafe free($0) } }
    var process: Int32 = 0
    let result = unsafe posix_spawn(&process, path, &actions, &attributes, &list, &environment)
    guard result == 0 else { throw Fixture.Failure(description: "posix_spawn of \(path): error \(result)") }
    return process
  }

  private static var path: String {
    get throws {
      var buffer = [CChar](repeating: 0, count: 4096)
      let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
      guard count > 0 else { throw Fixture.Failure(description: "readlink: error \(errno)") }
      let own = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return own[..<(own.lastIndex(of: "/") ?? own.endIndex)] + "/WorkerFixture"
    }
  }
}
