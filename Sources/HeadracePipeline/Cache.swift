/// Where a pipeline keeps the samples of its first epoch for those that follow.
public enum Cache: Sendable, Hashable {
  /// In this process's memory, up to a number of bytes. Samples whose type does not tell its bytes (`ByteCountable`)
  /// count with what it takes to list them. When they are more, the cache is given up and every epoch works as without
  /// it.
  case memory(bytes: Int)
  /// In a file, for samples that are `Storable`. It stays for later runs of the same pipeline, and is refused by
  /// another: by one with another source or other stages, and by one of another version, which is yours to change when
  /// a closure or the data do.
  case disk(path: String, version: String = "")
}
