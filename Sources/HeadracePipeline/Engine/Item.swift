/// A sample in flight, with what is needed to name it when it fails.
struct Item: Sendable {
  /// Position in the epoch, from 0.
  let position: Int
  let label: SampleLabel?
  let value: AnySample
}
