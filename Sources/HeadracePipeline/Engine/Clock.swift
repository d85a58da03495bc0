import Dispatch

/// Nanoseconds of a clock that only goes forward. That of HeadraceSystem is out of reach: the engine knows no operating
/// system.
enum Clock {
  static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
