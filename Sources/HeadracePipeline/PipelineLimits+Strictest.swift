extension PipelineLimits {
  /// The limits of a pipeline that several others are part of: of each limit the lowest.
  static func strictest(_ all: [PipelineLimits]) -> PipelineLimits {
    PipelineLimits(
      failures: all.compactMap(\.failures).min(), bytes: all.compactMap(\.bytes).min(),
      cores: all.compactMap(\.cores).min())
  }
}
