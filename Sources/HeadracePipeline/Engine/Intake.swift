/// What a lane is to do next.
enum Intake<Task: Sendable, Output: Sendable>: Sendable {
  case work(Chunk<Task, Output>, hasMore: Bool)
  case idle(SliceResult)
}
