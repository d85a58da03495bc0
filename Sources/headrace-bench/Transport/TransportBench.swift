import Headrace
import HeadraceSystem

/// `headrace-bench transport`: payloads from a forked producer to this process.
///
/// For each size, rounds go through all modes one after the other, so that whatever else the machine does meets them
/// alike; figures are medians over the rounds.
enum TransportBench {
  private static let sizes = [64, 4 << 10, 64 << 10, 1 << 20, 8 << 20, 32 << 20, 64 << 20]
  /// Per mode and round: 1,080 in all, unless brief.
  private static let wakeUpsPerRound = 120

  static func run(_ report: consuming Report) throws {
    let places = ProcessorAffinity.pair
    if let places { try ProcessorAffinity.pin(to: places.second) }
    report.begin(
      "transport", pinned: places.map { [$0.first, $0.second] } ?? [], columns: TransportResult.columns)
    var results: [TransportResult] = []
    for byteCount in sizes {
      for result in try measure(byteCount, producerPlace: places?.first, isBrief: report.isBrief) {
        report.add(result.line, result.row)
        results.append(result)
      }
    }
    report.end(TransportResult.bars(results))
  }

  private static func measure(_ byteCount: Int, producerPlace: Int?, isBrief: Bool) throws -> [TransportResult] {
    let rounds = isBrief ? 1 : 9
    // How long one mode runs in one round.
    let trialSeconds = isBrief ? 0.01 : 0.04
    // Four large slots exceed the caches of most machines by far, as the batches of a trainer do.
    let slots = byteCount >= 32 << 20 ? 4 : 8
    let leastCount = isBrief ? slots : 2 * slots
    let link = try TransportLink(byteCount: byteCount, slots: slots)
    let child = try ChildProcess(name: "bench-producer") { _ in
      do {
        if let producerPlace { try ProcessorAffinity.pin(to: producerPlace) }
        var producer = TransportProducer(link)
        try producer.serve()
        return 0
      } catch {
        StandardStream.error.show("headrace-bench: the producing process failed: \(error)\n")
        return 1
      }
    }
    link.becomeConsumer()
    var consumer = TransportConsumer(link, death: child.descriptor.number)
    let modes = TransportMode.allCases
    var counts: [Int] = []
    for mode in modes { counts.append(try warmUp(mode, trialSeconds, leastCount: leastCount, &consumer)) }
    var rates = modes.map { _ in [Double]() }
    var costs = modes.map { _ in [Double]() }
    var sleepCosts = modes.map { _ in [Double]() }
    var wakeUps = modes.map { _ in [Double]() }
    for _ in 0..<rounds {
      for (index, mode) in modes.enumerated() {
        let cost = try consumer.receive(counts[index], mode)
        rates[index].append(Double(counts[index] * byteCount) / cost.seconds / 1e9)
        if let cpu = cost.cpuSeconds { costs[index].append(cpu / Double(counts[index]) * 1e6) }
        if let cpu = cost.sleepCPUSeconds { sleepCosts[index].append(cpu / Double(counts[index]) * 1e6) }
        if mode != .memcpy { wakeUps[index] += try consumer.wakeUps(wakeUpsPerRound, mode) }
      }
    }
    guard let memcpy = modes.firstIndex(of: .memcpy) else { return [] }
    return modes.indices.map { index in
      TransportResult(
        mode: modes[index], byteCount: byteCount, slots: slots, gigabytesPerSecond: Quantiles(rates[index]).median,
        ratioToMemcpy: Quantiles(zip(rates[index], rates[memcpy]).map { $0 / $1 }).median,
        consumerCPUMicroseconds: costs[index].isEmpty ? nil : Quantiles(costs[index]).median,
        sleepCPUMicroseconds: sleepCosts[index].isEmpty ? nil : Quantiles(sleepCosts[index]).median,
        wakeMicroseconds: Quantiles(wakeUps[index]))
    }
  }

  /// Runs `mode` until it is warm and verified. Returns how many payloads a trial takes.
  private static func warmUp(
    _ mode: TransportMode, _ trialSeconds: Double, leastCount: Int, _ consumer: inout TransportConsumer
  ) throws -> Int {
    var count = leastCount
    var cost = try consumer.receive(count, mode, verify: true)
    while cost.seconds < trialSeconds / 4 {
      count *= 4
      cost = try consumer.receive(count, mode)
    }
    return max(leastCount, Int(Double(count) * trialSeconds / cost.seconds))
  }
}
