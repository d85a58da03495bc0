import HeadraceImages
import Testing

@Suite struct ImageCrashTests {
  @Test func pixelsOfAnotherCountTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = Image(width: 2, height: 2, channels: .rgb, pixels: [0, 0, 0])
    }
  }

  @Test func anImageWhoseByteCountOverflowsTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Image(width: .max, height: 2, channels: .rgb, pixels: [])
    }
  }

  @Test func resizingToNothingTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Image(width: 1, height: 1, channels: .gray, pixels: [0]).resized(width: 0, height: 1)
    }
  }

  @Test func aLimitOfNoPixelsTraps() async {
    await #expect(processExitsWith: .failure) { _ = DecodeLimits(maximumPixels: 0) }
  }
}
