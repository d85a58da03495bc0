import Dispatch
import Glibc
import Headrace
import HeadraceSystem

/// The parent has used threads before it starts a loader: `warm async|task|thread|thread-ended|sync|none PLACEMENT`.
enum WarmScenarios {
  static func warm(_ scenario: Scenario) throws {
    let page = SharedPage()
    switch scenario.text(0) {
    case "async":
      DispatchQueue.global().async { page[.reached] = 1 }
      page.wait(.reached)
    case "task":
      Task.detached { page[.reached] = 1 }
      page.wait(.reached)
    case "thread":
      try Thread.start {
        page[.reached] = 1
        Assassin.stayForEver()
      }
      page.wait(.reached)
    case "thread-ended":
      try Thread.start { page[.reached] = 1 }
      page.wait(.reached)
      while ForkSafety.threadCount > 1 { sched_yield() }
    case "sync": DispatchQueue(label: "sync").sync { page[.reached] = 1 }
    default: break
    }
    do throws(HeadraceError) {
      var batches = try runPipelineInSubprocess(
        Samples.pipeline(100), threads: 2, slots: 4, epochs: 1, placement: scenario.placement(1))
      var count = 0
      while let batch = try batches.next() { count += batch.count }
      emit("samples", count)
    } catch {
      emit("code", error.code)
      emit("message", error.message)
    }
    emit("no_child", ProcessFigures.hasNoChild)
  }
}
