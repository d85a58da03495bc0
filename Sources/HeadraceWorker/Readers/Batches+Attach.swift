import HeadraceCore
import HeadraceRing
import HeadraceSystem

extension Batches {
  /// The batches of a loader that another process has started with `readers:`.
  ///
  /// Any process may attach that belongs to the same user and runs on the same machine, at any time, also one that has
  /// used threads. Letting go of what is returned leaves the loader as it is; the place is free once the last batch is
  /// gone too. What a process holds that ends, however that comes, goes back at once.
  ///
  /// Who is there before the first batch begins with epoch 0. Who comes later begins where the others are, with the
  /// next batch that is published; `epoch` is that batch's.
  ///
  /// - Parameters:
  ///   - path: `Readers.path`.
  ///   - place: the place to take, from 0, such as the rank; nil: the lowest that is free.
  ///   - timeout: how long to wait until the loader is there and answers.
  /// - Throws: `notFound` where no loader is there, or it has ended; `limitExceeded` where all places are taken, naming
  ///   the processes that have them; `incompatibleRing` where it is of another version; `timedOut`; `systemCall`.
  public static func attach(
    to path: String, place: Int? = nil, timeout: Duration = .seconds(60)
  ) throws(HeadraceError) -> Batches {
    let found = try AttachedWorker.attach(to: path, place: place, timeout: timeout)
    try found.ring.makeSlotsReadOnly()
    found.ring.populateHeader()
    try found.ring.excludeFromForks()
    return Batches(
      ring: found.ring, worker: found.worker, startMethod: .attached, stages: found.facts.stages,
      epochLimit: found.facts.epochLimit, stopTimeout: .zero, readers: found.facts.readers, place: found.place,
      position: found.position)
  }

  /// The place of this process among the loader's readers; nil if it does not read.
  public var place: Int? { isReader ? reader : nil }

  /// Who reads, and how far they are, by place.
  public var readers: [ReaderStatus] {
    (0..<ring.geometry.readerCount).map { ReaderStatus(ring, place: $0) }
  }
}
