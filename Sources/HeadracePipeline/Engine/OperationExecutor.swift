/// Where one operation computes: so that it is known whose turn it is when a stage runs what has been enqueued.
final class OperationExecutor: TaskExecutor {
  let position: Int
  let label: SampleLabel?
  /// Whether nothing is to be done any more for its sample.
  let isOver: @Sendable () -> Bool
  private let stage: StageExecutor

  init(_ stage: StageExecutor, position: Int, label: SampleLabel?, isOver: @escaping @Sendable () -> Bool) {
    self.stage = stage
    self.position = position
    self.label = label
    self.isOver = isOver
  }

  func enqueue(_ job: consuming ExecutorJob) {
    stage.enqueue(UnownedJob(job), of: self)
  }
}
