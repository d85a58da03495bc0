@testable import HeadracePipeline

extension Handover {
  /// Reserves places, as a pair.
  mutating func places(_ count: Int, chunk: Int) -> (ticket: Int, count: Int) {
    let place = reserve(count, chunk: chunk)
    return (place.ticket, place.count)
  }
}
