import HeadraceSystem

/// A process that calculates for ever, and gets what no other thread of the machine wants of a processor (SCHED_IDLE).
/// It ends with the value.
final class IdleLoop {
  private let child: ChildProcess

  init() throws(Errno) {
    child = try ChildProcess(name: "headrace-idle", on: .forkedThread) { _ in
      do throws(Errno) { try ThreadRank.setPolicy(.idle) } catch { return 1 }
      var state: UInt64 = 1
      // All numbers of 64 bits in turn, of which the last is 0: so it is killed long before.
      repeat { state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 } while state != 0
      return 0
    }
  }

  /// CPU time that it has used so far.
  var cpuNanoseconds: UInt64 { ProcessResources.cpuNanoseconds(of: child.processID) ?? 0 }
}
