import Glibc
import Headrace
import HeadraceSystem

/// A process of a loader with readers that does what it is told: a trainer, or a reader.
final class ReaderDeathParty {
  struct Silence: Error, CustomStringConvertible {
    let description: String
  }

  private let child: ChildProcess
  private let ends: MessageSocket.Pair
  let name: String
  var processID: Int32 { child.processID }

  /// - Parameter body: what it does, given its end of the connection.
  init(_ name: String, _ body: (borrowing MessageSocket) throws -> Void) throws {
    self.name = name
    var ends = try MessageSocket.Pair()
    let far = ends.takeFar()!
    child = try ChildProcess(name: name, on: .forkedThread) { _ in
      do {
        try body(far)
        return 0
      } catch {
        emit("uncaught", "\(name): \(error)")
        return 1
      }
    }
    self.ends = ends
  }

  func tell(_ words: String) throws { try ends.send(Array(words.utf8)) }

  /// Waits for what it has to say.
  func hear() throws -> String {
    let deadline = MonotonicClock.deadline(after: .seconds(15))
    guard !Poll.wait(ends.nearNumber, child.descriptor.number, until: deadline).timedOut else {
      throw Silence(description: "\(name) hangs")
    }
    guard Poll.wait(ends.nearNumber, until: 0).first, let message = try ends.receive() else {
      throw Silence(description: "\(name) is gone")
    }
    return String(decoding: message.content, as: UTF8.self)
  }

  func ask(_ words: String) throws -> String {
    try tell(words)
    return try hear()
  }

  /// What the process does: answers until it is told nothing more.
  static func answer(_ socket: borrowing MessageSocket, _ answer: (String) throws -> String) throws {
    while let message = try socket.receive() {
      let words = String(decoding: message.content, as: UTF8.self)
      if words == "end" { return }
      try socket.send(Array(try answer(words).utf8))
    }
  }

  // MARK: Parts that they play

  static func trainer(_ moment: ReaderDeathCase, _ path: String, _ page: SharedPage) throws -> ReaderDeathParty {
    // One thread at most is kept by the source, and others have what it has read.
    let source = HookedSource(
      length: ReaderDeathCase.batchesPerEpoch * Samples.spec.size,
      opening: { page.wait(.killedAt, for: UInt64($0)) }, reading: { page.wait(.go, for: UInt64($0) + 1) })
    let pipeline = Pipeline(from: source)
      .batch(Samples.spec) { value, row in
        page.wait(.reached, for: UInt64(value) + 1)
        try Samples.write(value, to: &row)
      }
    return try ReaderDeathParty("trainer") { socket in
      let batches = try runPipelineInSubprocess(
        pipeline, threads: 4, slots: 3, epochs: ReaderDeathCase.epochs, isolation: .none,
        readers: Readers(
          count: 2, sharing: moment.sharing, path: path, includesThisProcess: false, startsTogether: false))
      let ring = batches.ring
      try answer(socket) { words in
        switch words {
        case "processes": return "\(batches.rootProcessID ?? 0) \(batches.workerProcessID ?? 0)"
        case "reached":
          while figures(ring.publishedCount, batches) != moment.figures { sched_yield() }
        default:
          // All has come back, and who has died has no place.
          while ring.leasedSlotCount() > 0 || moment.dyingReader.flatMap(ring.readerProcessID) != nil { sched_yield() }
        }
        return "yes"
      }
    }
  }

  private static func figures(_ published: UInt64, _ batches: borrowing Batches) -> [Int] {
    [Int(published), batches.ring.usedSlotCount] + batches.readers.map(\.heldCount)
  }

  static func reader(_ place: Int, _ path: String) throws -> ReaderDeathParty {
    try ReaderDeathParty("reader \(place)") { socket in
      var batches = try Batches.attach(to: path, place: place)
      var held: [Held] = []
      try answer(socket) { words in
        switch words {
        case "take": return try take(&batches, &held) ?? "end"
        case "give": return try check(held.removeFirst())
        case "rest":
          var told: [String] = []
          // What is held from before stays as it is, however often the ring goes round.
          var current: [Held] = []
          do throws(HeadraceError) {
            while batches.hasFurtherEpoch {
              guard let batch = try batches.next() else { continue }
              current = [Held(batch)]
              told.append((try? check(current[0])) ?? "torn")
              current = []
            }
          } catch {
            told.append("\(error.code) \(error.message)")
          }
          for one in held { _ = try check(one) }
          held = []
          return told.joined(separator: "|")
        default: return "here"
        }
      }
    }
  }

  private static func take(_ batches: inout Batches, _ held: inout [Held]) throws -> String? {
    guard let batch = try batches.next() else { return nil }
    held.append(Held(batch))
    return try check(held[held.count - 1])
  }

  /// The number of a batch, of both epochs, once its contents are what they should be.
  private static func check(_ held: Held) throws -> String {
    let number = held.batch.sequence % ReaderDeathCase.batchesPerEpoch
    let size = Samples.spec.size
    guard try Samples.values(held.batch) == Array(number * size..<(number + 1) * size),
      held.batch.sequence / ReaderDeathCase.batchesPerEpoch == held.batch.epoch
    else { throw Mishap(description: "batch \(held.batch.sequence) is another") }
    return "\(held.batch.sequence)"
  }
}
