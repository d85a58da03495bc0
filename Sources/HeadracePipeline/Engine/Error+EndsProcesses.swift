import HeadraceCore

extension Error {
  /// Whether it says that the call has ended processes: it has been made again already, as often as makes sense.
  var endsProcesses: Bool { (self as? HeadraceError)?.code == .sampleCrashed }
}
