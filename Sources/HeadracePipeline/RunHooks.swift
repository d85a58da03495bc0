/// Closures that a run calls around what it does: to trace, to count, to log.
///
/// They are called on the thread that does the work, in the process that runs the pipeline, and the work waits for
/// them: a hook for each task of a quick stage costs more than the stage. Without hooks nothing is called, and nothing
/// is measured for them.
///
/// ```swift
/// let hooks = RunHooks(task: { event in
///   if case .ended(.failed(let error), _) = event.phase { log("\(event.stage), sample \(event.position): \(error)") }
/// })
/// var elements = try pipeline.run(hooks: hooks)
/// ```
public struct RunHooks: Sendable {
  /// Called when a stage begins an epoch, when nothing of it is at work any more, and when a cache is given up.
  public var stage: (@Sendable (StageEvent) -> Void)?
  /// Called before and after each call of a stage's closure, and each reading of a sample.
  public var task: (@Sendable (TaskEvent) -> Void)?

  /// Hooks for what is given, and none for what is not.
  public init(
    stage: (@Sendable (StageEvent) -> Void)? = nil, task: (@Sendable (TaskEvent) -> Void)? = nil
  ) {
    self.stage = stage
    self.task = task
  }
}
