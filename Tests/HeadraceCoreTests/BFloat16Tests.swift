import HeadraceCore
import Testing

@Suite struct BFloat16Tests {
  @Test func everyPatternComesBackFromFloat() {
    for pattern in UInt16.min...UInt16.max {
      let number = BFloat16(bitPattern: pattern)
      let back = BFloat16(Float(number))
      // A signalling NaN becomes a quiet one.
      #expect(back.bitPattern == (Float(number).isNaN ? pattern | 0x40 : pattern))
    }
  }

  @Test(
    arguments: [
      (0x3F80_7FFF, 0x3F80), (0x3F80_8000, 0x3F80), (0x3F80_8001, 0x3F81), (0x3F81_8000, 0x3F82), (0xBF81_8000, 0xBF82),
      (0x3FFF_FFFF, 0x4000), (0x7F7F_FFFF, 0x7F80), (0xFF7F_FFFF, 0xFF80), (0x7F80_0000, 0x7F80), (0x0000_8000, 0x0000),
      (0x0000_8001, 0x0001), (0x8000_0000, 0x8000), (0x7F80_0001, 0x7FC0), (0xFFFF_FFFF, 0xFFFF),
    ] as [(UInt32, UInt16)])
  func roundsToNearestAndOfTwoToEven(_ float: UInt32, _ expected: UInt16) {
    #expect(BFloat16(Float(bitPattern: float)).bitPattern == expected)
  }

  @Test func isShownAsANumber() {
    #expect("\(BFloat16(-0.5))" == "-0.5")
  }
}
