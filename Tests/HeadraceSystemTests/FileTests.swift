import Glibc
import HeadraceTestSupport
import Testing

@testable import HeadraceSystem

/// Only a regular file is read: everything else may give no byte for ever, or bytes without end.
@Suite struct FileTests {
  @Test func aFIFOThatNobodyWritesToIsRefusedAtOnce() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let path = "/tmp/headrace-file-tests-\(getpid())-fifo"
    try #require(unsafe mkfifo(path, 0o600) == 0)
    defer { _ = unsafe unlink(path) }
    #expect(
      failure(path) == "Reading \(path) failed: it is a FIFO, not a regular file; write what it gives to a file, and"
        + " give that.")
  }

  @Test func aDeviceWithoutEndIsRefused() {
    #expect(failure("/dev/zero").hasPrefix("Reading /dev/zero failed: it is a device, not a regular file; write"))
  }

  @Test func aFolderIsRefused() {
    #expect(failure("/tmp") == "Reading /tmp failed: it is a folder, not a regular file; give a file, not a folder.")
  }

  /// open(2) itself refuses a socket, with ENXIO, which would say nothing.
  @Test func aSocketIsNamedAsOne() throws {
    let path = "/tmp/headrace-file-tests-\(getpid())-socket"
    try #require(unsafe mknod(path, S_IFSOCK | 0o600, 0) == 0)
    defer { _ = unsafe unlink(path) }
    #expect(failure(path).hasPrefix("Reading \(path) failed: it is a socket, not a regular file; write"))
  }

  @Test func aMissingFileIsMissing() {
    #expect(throws: FileError(action: "Opening", path: "/nowhere", reason: .system(ENOENT))) {
      _ = try File(reading: "/nowhere")
    }
  }

  private func failure(_ path: String) -> String {
    do throws(FileError) {
      _ = try File(reading: path)
      return "nothing"
    } catch {
      return error.description
    }
  }
}
