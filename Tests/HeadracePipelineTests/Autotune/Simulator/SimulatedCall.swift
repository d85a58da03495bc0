/// A call of a stage at work.
struct SimulatedCall {
  /// When it began.
  var begin: Double
  /// Its number in the stage, from 0.
  var ticket: Int
}
