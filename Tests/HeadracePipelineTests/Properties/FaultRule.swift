import HeadraceCore

/// Which samples a stage of a random graph fails for, and which it leaves out: decided by the sample alone.
struct FaultRule: Sendable, Hashable {
  var salt = 0
  /// One sample in so many fails, whenever it is tried; 0: none.
  var failsEach = 0
  /// Of the others, one in so many fails the first times that it is tried; 0: none.
  var isFlakyEach = 0
  /// How often those fail, at most as often as the stage tries again.
  var flakyCalls = 0
  /// Whether the error is a `HeadraceError` of its own, rather than one that the engine has to wrap.
  var isNamed = false

  var code: HeadraceError.Code { isNamed ? .malformedImage : .stageFailed }
  var error: any Error { isNamed ? HeadraceError(.malformedImage, "The sample is damaged.") : Mishap() }

  func fails(_ digest: Int) -> Bool { failsEach > 0 && mixed(digest, 1) % failsEach == 0 }
  func isFlaky(_ digest: Int) -> Bool { isFlakyEach > 0 && mixed(digest, 2) % isFlakyEach == 0 }
  /// A number from 0 up to `bound`, for whatever else is to depend on the sample.
  func choice(_ digest: Int, below bound: Int) -> Int { mixed(digest, 3) % bound }

  private func mixed(_ digest: Int, _ purpose: Int) -> Int {
    var value = UInt64(bitPattern: Int64(digest)) ^ (UInt64(salt) << 32) ^ UInt64(purpose)
    value = (value ^ (value >> 31)) &* 0x7FB5_D329_728E_A185
    value = (value ^ (value >> 27)) &* 0x81DA_DEF4_BC2D_D44D
    return Int((value ^ (value >> 33)) >> 2)
  }
}
