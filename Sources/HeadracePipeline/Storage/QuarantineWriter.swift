import HeadraceCore
import HeadraceSystem
import Synchronization

/// Keeps samples that failed, each with its error, in a folder that people look into with the tools they have.
///
/// ```
/// PATH/20260730T135522Z-4711/     a worker: when its first sample failed, and its process
///   000000/                       a sample
///     sample.error.json           what went wrong, with which sample, where
///     sample.png, sample.cls      the sample, if its type is `Storable`
/// ```
///
/// Nothing is created before the first failure. An entry is written under another name and gets its own when all of it
/// is there: a killed process leaves it whole, or not at all, and the next worker removes what is left of it. Nothing
/// is thrown: what cannot be kept is counted, and told once. Called by many threads at once. Format:
/// docs/formats/quarantine.md.
package final class QuarantineWriter: Sendable {
  private struct State: ~Copyable {
    /// This worker's folder, once there is one.
    var folder: String?
    /// Holds that folder's lock for as long as anything may be written to it.
    var lock: File?
    /// Number of the next entry.
    var number = 0
    var keptCount = 0
    var lostCount = 0
  }

  /// The folder; its own folder must exist.
  package let path: String
  /// Entries that this writer makes at most.
  package let entryLimit: Int
  private let state = Mutex(State())

  /// A quarantine in the folder at `path`.
  ///
  /// - Parameter entryLimit: samples to keep; further ones are counted. When everything fails, more of the same says
  ///   nothing new, and would fill the disk with a copy of all data.
  package init(path: String, entryLimit: Int = 10_000) {
    self.path = path
    self.entryLimit = entryLimit
  }

  /// Looks whether there can be a quarantine in the folder at `path`, and creates nothing.
  ///
  /// - Throws: `notFound` without the folder that it is to be made in; `invalidArgument` if something else has that
  ///   name; `inputOutput` if the system does not let it be looked up.
  static func check(_ path: String) throws(HeadraceError) {
    let kind = try storing { () throws(FileError) in try FileSystem.kind(of: path) }
    if kind.isFolder { return }
    guard kind == .missing else {
      throw HeadraceError(.invalidArgument, "Quarantine \(path) is \(kind); give the path of a folder.")
    }
    let parts = path.split(separator: "/")
    let parent = (path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
    // In the working directory it has a parent that is there.
    if parent.isEmpty { return }
    guard try storing({ () throws(FileError) in try FileSystem.kind(of: parent) }).isFolder else {
      throw HeadraceError(
        .notFound,
        "Quarantine \(path) cannot be made, since there is no folder \(parent); create that, or"
          + " \(FileSystem.remedy(forMissing: parent)).")
    }
  }

  /// Samples that were kept.
  package var keptCount: Int { state.withLock { $0.keptCount } }
  /// Samples that could not be kept, or were too many.
  package var lostCount: Int { state.withLock { $0.lostCount } }

  /// Keeps a sample that has failed.
  ///
  /// - Parameters:
  ///   - value: what the stage was given.
  ///   - onKept: called if it was kept.
  /// - Returns: why this sample could not be kept, for the first one only; nil otherwise.
  /// - Complexity: linear in the bytes of the sample; some system calls.
  @discardableResult
  package func keep(
    _ failure: SampleFailure, _ value: any Sendable, onKept: () -> Void = {}
  ) -> HeadraceError? {
    do {
      try write(failure, value)
      state.withLock { $0.keptCount += 1 }
      onKept()
      return nil
    } catch {
      let isFirst = state.withLock { state in
        state.lostCount += 1
        return state.lostCount == 1
      }
      guard isFirst else { return nil }
      var error = error
      error.message += " This and further samples are left out of the quarantine and counted."
      error.stage = failure.error.stage
      error.sample = failure.error.sample
      return error
    }
  }

  private func write(_ failure: SampleFailure, _ value: any Sendable) throws(HeadraceError) {
    let (folder, number) = try place()
    // The first tidies up, and holds up nobody else.
    if number == 0 { removeAbandoned() }
    do throws(HeadraceError) {
      try write(failure, value, to: folder, number)
    } catch {
      // Who has looked at what is in the folder may have removed it.
      guard error.code == .notFound, forget(folder) else { throw error }
      let (folder, number) = try place()
      try write(failure, value, to: folder, number)
    }
  }

  /// The folder for an entry, and its number there.
  private func place() throws(HeadraceError) -> (folder: String, number: Int) {
    try state.withLock { state throws(HeadraceError) in
      guard state.number < entryLimit else {
        throw HeadraceError(
          .limitExceeded, "Quarantine \(path) has \(HumanUnits.count(entryLimit, "sample")) of this worker, its limit.")
      }
      if state.folder == nil {
        let folder = try makeFolder()
        state.lock = try lock(folder)
        state.folder = folder
      }
      defer { state.number += 1 }
      return (state.folder!, state.number)
    }
  }

  /// Has the next entry make another folder, if this one is gone.
  private func forget(_ folder: String) -> Bool {
    guard (try? FileSystem.kind(of: folder)) == .missing else { return false }
    state.withLock { state in
      // Another thread may have done so, and another folder may be there.
      guard state.folder == folder else { return }
      state.folder = nil
      state.lock = nil
    }
    return true
  }

  /// Creates this worker's folder, and the one for all if need be.
  private func makeFolder() throws(HeadraceError) -> String {
    _ = try create(path)
    let name = "\(path)/\(WallTime.now.compact)-\(ProcessIdentity.current)"
    var folder = name
    var attempt = 1
    // Process numbers repeat from machine to machine and from container to container.
    while try !create(folder) {
      attempt += 1
      folder = "\(name)-\(attempt)"
    }
    return folder
  }

  /// Takes the lock of a folder that was just made; where that fails, the folder goes.
  ///
  /// Where the file system has no locks, as on some network drives, others find none either and leave what is here.
  private func lock(_ folder: String) throws(HeadraceError) -> File {
    do throws(FileError) {
      let file = try File(folder: folder)
      if file.lock() != .held { return file }
    } catch {
      FileSystem.removeFolder(folder)
      throw .storage(error)
    }
    FileSystem.removeFolder(folder)
    throw HeadraceError(
      .inputOutput,
      "Folder \(folder) was just made, and something else has its lock; find out what opens folders there.")
  }

  /// Removes entries that were not whole when their worker was killed: of such a one the folder's lock can be had, or
  /// the folder is gone.
  private func removeAbandoned() {
    // Only to tidy up: whatever is wrong with the folder is told by who creates something in it.
    for hidden in (try? FileSystem.entries(of: path, includingHidden: true)) ?? [] {
      guard hidden.kind == .folder, let worker = Self.worker(ofPartial: hidden.name), !isAtWork("\(path)/\(worker)")
      else { continue }
      let partial = "\(path)/\(hidden.name)"
      for file in (try? FileSystem.entries(of: partial)) ?? [] { FileSystem.remove("\(partial)/\(file.name)") }
      FileSystem.removeFolder(partial)
    }
  }

  private func isAtWork(_ folder: String) -> Bool {
    do {
      return try File(folder: folder).lock() != .taken
    } catch {
      return (try? FileSystem.kind(of: folder)) != .missing
    }
  }

  /// Where an entry is written before it is whole: beside the worker's folder and hidden, so that a tar of what is in
  /// the folder has no half entries.
  private static func partial(_ folder: String, _ name: String) -> String {
    let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/"))!
    return "\(folder[...slash]).\(folder[folder.utf8.index(after: slash)...])-\(name).partial"
  }

  /// The worker that an entry of this name was written by; nil if it is no such entry.
  private static func worker(ofPartial name: String) -> Substring? {
    name.wholeMatch(of: /\.([0-9]{8}T[0-9]{6}Z-[0-9]+(?:-[0-9]+)?)-[0-9]{6,}\.partial/)?.1
  }

  /// Returns false if there is something of that name.
  private func create(_ folder: String) throws(HeadraceError) -> Bool {
    do {
      try FileSystem.createFolder(folder)
      return true
    } catch {
      if error.isPresent { return false }
      throw .storage(error)
    }
  }

  private func write(
    _ failure: SampleFailure, _ value: any Sendable, to folder: String, _ number: Int
  ) throws(HeadraceError) {
    var entry = QuarantineEntry(failure: failure, time: .now, process: .current)
    let files = files(of: value, &entry)
    let digits = String(number)
    let name = String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    let partial = Self.partial(folder, name)
    do throws(FileError) {
      try FileSystem.createFolder(partial)
      for file in files { try File(creating: "\(partial)/\(file.name)").write(file.bytes.span) }
      try File(creating: "\(partial)/\(QuarantineEntry.fileName)").write(Array(entry.json.utf8).span)
      try FileSystem.rename(partial, to: "\(folder)/\(name)")
    } catch {
      for file in files { FileSystem.remove("\(partial)/\(file.name)") }
      FileSystem.remove("\(partial)/\(QuarantineEntry.fileName)")
      FileSystem.removeFolder(partial)
      throw .storage(error)
    }
  }

  /// The files of a sample; the entry is told of them, or why there are none.
  private func files(of value: any Sendable, _ entry: inout QuarantineEntry) -> [(name: String, bytes: [UInt8])] {
    guard let storable = value as? any Storable else {
      entry.filesProblem = "\(type(of: value)) is not Storable"
      return []
    }
    do {
      let files = try storable.inspectableFiles().compactMap { file in
        QuarantineEntry.fileName(of: file.name).map { (name: $0, bytes: file.bytes) }
      }
      entry.files = files.map(\.name)
      return files
    } catch {
      entry.filesProblem = describe(error)
      return []
    }
  }
}
