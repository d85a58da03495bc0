import HeadraceCore

/// A sample that says how many bytes it holds, and whose life is counted.
final class Blob: ByteCountable, Sendable {
  let number: Int
  let byteCount: Int
  private let live: LiveBytes

  init(_ number: Int, byteCount: Int, in live: LiveBytes) {
    self.number = number
    self.byteCount = byteCount
    self.live = live
    live.add(byteCount)
  }

  deinit { live.add(-byteCount) }

  /// What decoding makes of it: so many times as large.
  func grown(by factor: Int) -> Blob { Blob(number, byteCount: factor * byteCount, in: live) }
}
