import Dispatch

/// Nanoseconds of a clock that only goes forward.
enum Clock {
  static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
