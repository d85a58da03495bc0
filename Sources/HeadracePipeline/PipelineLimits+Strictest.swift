extension PipelineLimits {
  /// The limits of a pipeline that several others are part of: of each limit the lowest.
  static func strictest(_ all: [PipelineLimits]) -> PipelineLimits {
    var limits = PipelineLimits(
      failures: all.compactMap(\.failures).min(), bytes: all.compactMap(\.bytes).min(),
      cores: all.compactMap(\.cores).min())
    limits.countsBytes = all.contains(where: \.countsBytes)
    return limits
  }
}
