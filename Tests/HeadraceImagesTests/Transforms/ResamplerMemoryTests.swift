import Testing

@testable import HeadraceImages

@Suite struct ResamplerMemoryTests {
  @Test(arguments: [Interpolation.bilinear, .bicubic], [1, 8, 100])
  func weightsOfALongLineAreCountedAndGivenBack(_ interpolation: Interpolation, _ target: Int) {
    let length = 60_000
    var pass = Resampling(width: length, height: 1)
    _ = pass.resize(width: target, height: 1, ResizeKernel(interpolation: interpolation, antialias: true))
    var resampler = Resampler()
    for _ in 0..<2 {
      _ = resampler.prepare(pass)
      let kept = resampler.byteCount
      #expect(kept > 8 * length && kept < 25 * length, "\(kept)")
      resampler.release()
      let rest = resampler.byteCount
      #expect(rest == 0)
    }
  }
}
