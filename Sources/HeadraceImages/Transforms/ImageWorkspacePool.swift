import Synchronization

/// Workspaces for later images: as many as images have been worked on at once.
enum ImageWorkspacePool {
  /// A workspace that one thread has at a time.
  final class Entry: @unchecked Sendable {
    var value = ImageWorkspace()
    /// The steps and passes of an image, for the sake of their memory: both are empty before it.
    var steps: [ImageStep] = []
    var passes: [ImagePass] = []
  }

  private static let unused = Mutex<[Entry]>([])
  /// Memory beyond that is given back after the image that needed it: 64 MiB.
  private static let mostKept = 64 << 20

  /// A workspace that nobody else has, until it is put back.
  static func take() -> Entry { unused.withLock { $0.popLast() } ?? Entry() }

  static func put(_ entry: Entry) {
    if entry.value.byteCount > mostKept { entry.value.release() }
    entry.steps.removeAll(keepingCapacity: true)
    entry.passes.removeAll(keepingCapacity: true)
    unused.withLock { $0.append(entry) }
  }
}
