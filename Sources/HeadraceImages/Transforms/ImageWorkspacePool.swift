/// Workspaces for later images.
enum ImageWorkspacePool {
  /// A workspace that one thread has at a time.
  final class Entry: ReusableMemory, @unchecked Sendable {
    var value = ImageWorkspace()
    /// The steps and passes of an image, for the sake of their memory: both are empty before it.
    var steps: [ImageStep] = []
    var passes: [ImagePass] = []

    var byteCount: Int { value.byteCount }

    func release() { value.release() }
  }

  /// 64 MiB, an image of 4096x4096 RGB.
  private static let pool = ReusePool<Entry>(mostKept: 64 << 20)

  /// A workspace that nobody else has, until it is put back.
  static func take() -> Entry { pool.take() ?? Entry() }

  static func put(_ entry: Entry) {
    entry.steps.removeAll(keepingCapacity: true)
    entry.passes.removeAll(keepingCapacity: true)
    pool.put(entry)
  }
}
