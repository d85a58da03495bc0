import Glibc
import Headrace

/// A scenario by its name, and the arguments that it was given.
struct Scenario {
  let arguments: [String]

  static let all: [String: @Sendable (Scenario) throws -> Void] = [
    "death": DeathScenarios.death, "death-outside": DeathScenarios.outside, "death-dropping": DeathScenarios.dropping,
    "death-after-last": DeathScenarios.afterLastEpoch, "death-quick": DeathScenarios.quickStage,
    "death-by-exit": DeathScenarios.byExit, "death-idle": DeathScenarios.idle,
    "death-ignored-child": DeathScenarios.ignoredChild,
    "recover": RecoveryScenarios.recover, "recover-not": RecoveryScenarios.lost, "recover-work": RecoveryScenarios.work,
    "served-digest": ServerScenarios.digest, "served-refused": ServerScenarios.refused,
    "served-interrupt": ServerScenarios.interrupt, "served-killed": ServerScenarios.killed,
    "served-many": ServerScenarios.many,
    "served-directory": ServerScenarios.directory, "served-start": ServerScenarios.start,
    "isolation": IsolationScenarios.isolation, "isolation-refused": IsolationScenarios.refused,
    "isolation-governed": IsolationScenarios.governed, "isolation-idle": IsolationScenarios.idle,
    "columns": ColumnScenarios.run, "mixing": ColumnScenarios.mix,
    "isolation-beside": IsolationScenarios.besideOthers, "isolation-slice": IsolationScenarios.slice,
    "group": GroupScenarios.group, "group-refused": GroupScenarios.refused,
    "parent": ParentScenarios.parent,
    "raise": RaiseScenarios.raise, "raise-skip": RaiseScenarios.skipTooMany,
    "churn-skip": ChurnScenarios.skip, "churn-restart": ChurnScenarios.restart,
    "churn-respawn": ChurnScenarios.respawn,
    "limit-shm": LimitScenarios.sharedMemory, "limit-processes": LimitScenarios.processes,
    "limit-descriptors": LimitScenarios.descriptors, "limit-memory": LimitScenarios.memory,
    "limit-memory-later": LimitScenarios.memoryLater, "limit-processors": LimitScenarios.processors,
    "shutdown": ShutdownScenarios.shutdown, "consume": ShutdownScenarios.consume,
    "stop-named": ShutdownScenarios.named,
    "held": HeldScenarios.held, "held-skip": HeldScenarios.heldAndSkipped, "all-held": HeldScenarios.allHeld,
    "hanging-sample": HeldScenarios.hangingSample, "slow": HeldScenarios.slowStage,
    "stale": HeldScenarios.staleBatches, "interrupted": HeldScenarios.interrupted,
    "warm": WarmScenarios.warm, "contended": LockScenarios.contended,
    "memory": MemoryScenarios.memory, "threads": ThreadScenarios.refused,
    "lifetime-same-process": LifetimeScenarios.sameProcess, "threads-once": ThreadScenarios.once,
    "threads-tight": ThreadScenarios.tight,
    "threads-counted": ThreadScenarios.counted,
    "large-death": LargeRingScenarios.death, "large-timeout": LargeRingScenarios.timeout,
    "fork-later": ForkScenarios.later, "fork-drops-batch": ForkScenarios.dropsBatch,
    "fork-drops-loader": ForkScenarios.dropsLoader, "fork-drops-child": ForkScenarios.dropsChild,
    "fork-captured": ForkScenarios.captured, "fork-names": ForkScenarios.names,
    "stop": StopScenarios.stop, "stop-output": StopScenarios.output, "stop-signals": StopScenarios.signals,
    "digest": EpochScenarios.digest, "epochs": EpochScenarios.epochs, "eager": EpochScenarios.eager,
    "skip-exact": EpochScenarios.skipExact, "skip-between": EpochScenarios.skipBetween,
    "arguments": EpochScenarios.invalidArguments,
    "budget": BudgetScenarios.peak, "read-only": ReadOnlyScenario.write, "statistics": StatisticsScenarios.statistics,
    "failures": StatisticsScenarios.failures, "tuning": TuningScenarios.tuning,
    "resources-burn": ResourceScenarios.burn, "resources-end": ResourceScenarios.end,
    "resources-ring": ResourceScenarios.ring, "resources-descendants": ResourceScenarios.descendants,
    "resources-thread": ResourceScenarios.thread,
    "cache": CacheScenarios.cache, "cache-worker": CacheScenarios.workerGoes,
    "cache-arguments": CacheScenarios.arguments, "cache-report": CacheScenarios.report,
    "ragged": RaggedScenarios.batches, "ragged-groups": RaggedScenarios.groups, "ragged-limits": RaggedScenarios.limits,
    "pool": PoolScenarios.recover, "pool-fault": PoolScenarios.fault, "pool-ragged": PoolScenarios.ragged,
    "pool-refused": PoolScenarios.refused, "pool-trouble": PoolScenarios.trouble, "pool-forks": PoolScenarios.forks,
    "readers-serve": ReaderScenarios.serve, "readers-read": ReaderScenarios.read,
    "readers-first": ReaderScenarios.first, "readers-refused": ReaderScenarios.refused,
    "readers-stranger": ReaderScenarios.stranger, "reader-deaths": ReaderDeathScenarios.deaths,
    "program-refused": ProgramScenarios.refused, "program-streams": ProgramScenarios.streams,
    "program-limits": ProgramScenarios.limits,
    "exit-hang": ExitScenarios.hang, "exit-memory": ExitScenarios.memory,
    "log": LogScenarios.log, "log-death": LogScenarios.death, "log-unread": LogScenarios.unread,
    "log-early": LogScenarios.early,
    "monitor-hostile": MonitorScenarios.hostile, "monitor-two": MonitorScenarios.two,
    "store-cache": StorageScenarios.cache, "store-quarantine": StorageScenarios.quarantine,
  ]

  /// Runs the scenario and returns the exit status.
  static func run(_ arguments: [String]) -> Int32 {
    guard let name = arguments.first, let body = all[name] else {
      print("unknown \(arguments.first ?? "")")
      return 2
    }
    do {
      try body(Scenario(arguments: Array(arguments.dropFirst())))
      return 0
    } catch {
      emit("uncaught", error)
      return 1
    }
  }

  func text(_ place: Int, _ fallback: String = "") -> String {
    place < arguments.count ? arguments[place] : fallback
  }

  func number(_ place: Int, _ fallback: Int = 0) -> Int { Int(text(place)) ?? fallback }

  func placement(_ place: Int) -> Placement {
    guard let placement = Placement(rawValue: text(place, "subprocess")) else {
      fatalError("no placement \(text(place))")
    }
    return placement
  }
}

/// Prints one line for the test, at once.
func emit(_ key: String, _ value: some Any) {
  print("\(key) \(value)")
  fflush(nil)
}

/// Prints the parts of an error, each as a line.
func emit(_ error: HeadraceError) {
  emit("code", error.code)
  emit("message", error.message)
  emit("stage", error.stage ?? "-")
  emit("sample", error.sample?.key ?? "-")
  emit("cause", error.cause ?? "-")
}
