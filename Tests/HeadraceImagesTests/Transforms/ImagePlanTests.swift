import Testing

@testable import HeadraceImages

@Suite struct ImagePlanTests {
  private let kernel = ResizeKernel(interpolation: .bilinear, antialias: true)

  @Test func cropResizeCropAndFlipAreOnePass() {
    let plan = ImagePlan(
      width: 500, height: 375,
      [
        .crop(PixelBox(x: 10, y: 20, width: 400, height: 300)), .resize(width: 256, height: 256, kernel),
        .crop(PixelBox(x: 16, y: 16, width: 224, height: 224)), .flip(horizontally: true, vertically: false),
        .normalize(mean: [0.5], deviation: [0.5]),
      ])
    #expect(plan.passes.count == 1 && plan.width == 224 && plan.height == 224)
    guard case .resample(let pass)? = plan.passes.first else {
      Issue.record("the first pass is \(plan.passes)")
      return
    }
    #expect(pass.box == PixelBox(x: 10, y: 20, width: 400, height: 300))
    #expect(pass.resize?.window == PixelBox(x: 16, y: 16, width: 224, height: 224))
    #expect(pass.orientation.isFlippedHorizontally && !pass.orientation.isTransposed)
    #expect(plan.normalization == ImagePlan.Normalization(mean: [0.5], deviation: [0.5]))
  }

  @Test func cropsInARowAreOneCrop() {
    let plan = ImagePlan(
      width: 100, height: 80,
      [
        .crop(PixelBox(x: 10, y: 5, width: 60, height: 50)), .flip(horizontally: true, vertically: false),
        .crop(PixelBox(x: 1, y: 2, width: 30, height: 20)),
      ])
    guard case .resample(let pass)? = plan.passes.first, plan.passes.count == 1 else {
      Issue.record("the passes are \(plan.passes)")
      return
    }
    // The second counts from the right of the first.
    #expect(pass.box == PixelBox(x: 10 + 60 - 1 - 30, y: 7, width: 30, height: 20))
    #expect(pass.resize == nil)
  }

  @Test func aSecondResizeIsAnotherPass() {
    let plan = ImagePlan(
      width: 100, height: 80, [.resize(width: 50, height: 40, kernel), .resize(width: 20, height: 20, kernel)])
    #expect(plan.passes.count == 2 && plan.width == 20 && plan.height == 20)
  }

  @Test func paddingTakesTheCropBehindIt() {
    let plan = ImagePlan(
      width: 32, height: 32,
      [
        .pad(left: 4, top: 4, right: 4, bottom: 4, .constant(0)), .crop(PixelBox(x: 1, y: 7, width: 32, height: 32)),
      ])
    #expect(plan.passes.count == 2 && plan.width == 32 && plan.height == 32)
    guard case .extend(let pass)? = plan.passes.last else {
      Issue.record("the passes are \(plan.passes)")
      return
    }
    #expect(pass.box == PixelBox(x: -3, y: 3, width: 32, height: 32))
  }

  @Test func colorsKeepTheirPlaceInTheOrder() {
    let plan = ImagePlan(
      width: 10, height: 10,
      [
        .adjust(.contrast(2)), .crop(PixelBox(x: 0, y: 0, width: 5, height: 5)), .adjust(.brightness(2)),
      ])
    #expect(
      plan.passes.count == 4 && plan.passes[1] == .adjust(.contrast(2)) && plan.passes[3] == .adjust(.brightness(2)))
  }

  @Test func aTurnSwapsTheSides() {
    let plan = ImagePlan(width: 30, height: 20, [.turn(1), .resize(width: 10, height: 15, kernel)])
    #expect(plan.width == 10 && plan.height == 15 && plan.passes.count == 1)
    guard case .resample(let pass)? = plan.passes.first else { return }
    // Of the image as stored.
    #expect(pass.resize?.width == 15 && pass.resize?.height == 10)
  }

  @Test func whatIsErasedAfterNormalizingIsInItsUnits() {
    let box = PixelBox(x: 0, y: 0, width: 1, height: 1)
    let plan = ImagePlan(
      width: 2, height: 2,
      [.erase(box, value: [9]), .normalize(mean: [0], deviation: [1]), .erase(box, value: [0.5])])
    #expect(plan.passes.last == .erase(box, value: [9]) && plan.erased.map(\.value) == [[0.5]])
  }
}
