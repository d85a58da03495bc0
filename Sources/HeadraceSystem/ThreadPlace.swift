import CHeadraceLinux

/// What the calling thread works for: two words that cost nothing to set, for whoever is called by others' code and
/// wants to know who called that.
package enum ThreadPlace {
  /// Runs `body` with the thread at that place, and puts it back where it was.
  ///
  /// - Parameter owner: what it works for; kept by the caller until `body` has returned.
  package static func with<Result>(_ owner: AnyObject, _ number: Int, _ body: () -> Result) -> Result {
    let before = unsafe (headrace_thread_owner(), headrace_thread_number())
    unsafe headrace_set_thread_place(Unmanaged.passUnretained(owner).toOpaque(), Int64(number))
    defer { unsafe headrace_set_thread_place(before.0, before.1) }
    return withExtendedLifetime(owner) { body() }
  }

  /// Where the calling thread is; nil: at no place.
  package static var current: (owner: AnyObject, number: Int)? {
    guard let owner = unsafe headrace_thread_owner() else { return nil }
    // `with` is on this thread's stack, and its caller keeps it.
    return unsafe (
      Unmanaged<AnyObject>.fromOpaque(owner).takeUnretainedValue(), Int(headrace_thread_number())
    )
  }
}
