import HeadraceCore
import HeadraceSystem
import Testing

@testable import HeadraceImages

/// Distributions of torchvision.transforms.v2, of 20,000 samples of one seed each: the numbers are always the same.
@Suite struct TransformDrawTests {
  private static let count = 20_000

  private func log(_ number: Double) -> Double { Exponential.logarithm(number) }

  private func steps(
    _ transform: ImageTransform, _ position: Int, width: Int = 400, height: Int = 300
  ) throws
    -> [ImageStep]
  {
    var draw = TransformDraw(
      width: width, height: height,
      random: SampleContext(epoch: 0, position: position, stage: "decode").random(seed: 3))
    try draw.add(transform)
    return draw.steps
  }

  /// How far a sample is from a uniform distribution over 0...1: the statistic of Kolmogorov and Smirnov. Above 0.0138,
  /// 20,000 uniform numbers are in one of a thousand cases.
  private func distance(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    let count = Double(sorted.count)
    return sorted.enumerated().reduce(0) { largest, entry in
      max(
        largest, abs(entry.element - Double(entry.offset) / count),
        abs(entry.element - Double(entry.offset + 1) / count))
    }
  }

  private func expectUniform(_ numbers: [Double], _ what: Comment) {
    #expect(distance(numbers) < 0.0138, what)
  }

  @Test(arguments: [0.0, 0.1, 0.5, 1.0]) func flipsAreAsOftenAsTheySay(probability: Double) throws {
    for transform in [
      ImageTransform.horizontalFlip(probability: probability), .verticalFlip(probability: probability),
      .grayscale(probability: probability),
    ] {
      let share = Double(try (0..<Self.count).count { try !steps(transform, $0).isEmpty }) / Double(Self.count)
      // Four deviations of a share.
      #expect(abs(share - probability) <= 4 * (probability * (1 - probability) / Double(Self.count)).squareRoot())
    }
  }

  @Test func areaAndShapeOfAResizedCropAreUniformInScaleAndLogarithm() throws {
    var areas: [Double] = [], shapes: [Double] = []
    // So small that each fits at the first try, and of so many pixels that rounding does not show.
    let transform = ImageTransform.randomResizedCrop(width: 8, height: 8, scale: 0.1...0.4)
    for position in 0..<Self.count {
      guard case .crop(let box)? = try steps(transform, position, width: 4000, height: 3000).first else {
        Issue.record("no crop")
        continue
      }
      areas.append((Double(box.width * box.height) / 12e6 - 0.1) / 0.3)
      shapes.append((log(Double(box.width) / Double(box.height)) - log(0.75)) / (log(4.0 / 3) - log(0.75)))
    }
    expectUniform(areas, "areas")
    expectUniform(shapes, "shapes")
  }

  @Test func aCropIsAnywhereEquallyLikely() throws {
    var columns = [Int](repeating: 0, count: 7), rows = [Int](repeating: 0, count: 5)
    for position in 0..<Self.count {
      guard
        case .crop(let box)? = try steps(.randomCrop(width: 4, height: 4), position, width: 10, height: 8).first
      else {
        Issue.record("no crop")
        continue
      }
      #expect(box.width == 4 && box.height == 4)
      columns[box.x] += 1
      rows[box.y] += 1
    }
    for counts in [columns, rows] {
      let mean = Double(Self.count) / Double(counts.count)
      #expect(counts.allSatisfy { abs(Double($0) - mean) < 4.5 * mean.squareRoot() }, "\(counts)")
    }
  }

  @Test func whereNoShapeFitsTheLargestAllowedPartInTheMiddleIsTaken() throws {
    // 100 times as wide as high.
    guard
      case .crop(let box)? = try steps(
        .randomResizedCrop(width: 8, height: 8, scale: 0.9...1), 0, width: 1000, height: 10
      ).first
    else {
      Issue.record("no crop")
      return
    }
    #expect(box == PixelBox(x: (1000 - 13) / 2, y: 0, width: 13, height: 10))
  }

  @Test func factorsOfJitterAreUniformAndInRandomOrder() throws {
    var factors: [[Double]] = [[], [], [], []]
    var orders: [[Int]: Int] = [:]
    for position in 0..<Self.count {
      let steps = try steps(.colorJitter(brightness: 0.4, contrast: 0.5, saturation: 2, hue: 0.1), position)
      var order: [Int] = []
      for step in steps {
        guard case .adjust(let adjustment) = step else { continue }
        switch adjustment {
        case .brightness(let factor):
          order.append(0)
          factors[0].append((factor - 0.6) / 0.8)
        case .contrast(let factor):
          order.append(1)
          factors[1].append(factor - 0.5)
        case .saturation(let factor):
          order.append(2)
          factors[2].append(factor / 3)
        case .hue(let turn):
          order.append(3)
          factors[3].append((turn + 0.1) / 0.2)
        case .grayscale: Issue.record("gray")
        }
      }
      orders[order, default: 0] += 1
    }
    for (kind, numbers) in factors.enumerated() { expectUniform(numbers, "\(kind)") }
    let mean = Double(Self.count) / 24
    #expect(orders.count == 24 && orders.values.allSatisfy { abs(Double($0) - mean) < 4.5 * mean.squareRoot() })
  }

  @Test func whatIsZeroIsLeftOutOfTheJitter() throws {
    #expect(try steps(.colorJitter(), 0).isEmpty)
    #expect(try steps(.colorJitter(contrast: 0.5), 0).count == 1)
  }

  @Test func theDeviationOfABlurIsUniform() throws {
    let numbers = try (0..<Self.count).compactMap { position -> Double? in
      guard case .blur(5, let sigma)? = try steps(.gaussianBlur(kernelSize: 5), position).first else { return nil }
      return (sigma - 0.1) / 1.9
    }
    #expect(numbers.count == Self.count)
    expectUniform(numbers, "sigma")
  }

  @Test func whatIsErasedIsUniformInAreaAndShape() throws {
    var areas: [Double] = [], shapes: [Double] = []
    let transform = ImageTransform.randomErasing(probability: 1, scale: 0.02...0.1, ratio: 0.5...2)
    for position in 0..<Self.count {
      guard case .erase(let box, _)? = try steps(transform, position, width: 4000, height: 4000).first else {
        Issue.record("nothing erased")
        continue
      }
      areas.append((Double(box.width * box.height) / 16e6 - 0.02) / 0.08)
      shapes.append((log(Double(box.height) / Double(box.width)) + log(2)) / (2 * log(2)))
    }
    expectUniform(areas, "areas")
    expectUniform(shapes, "shapes")
  }

  @Test func quarterTurnsAreEquallyLikely() throws {
    var counts = [0, 0, 0, 0]
    for position in 0..<Self.count {
      if case .turn(let turns)? = try steps(.randomQuarterTurn, position).first {
        counts[turns] += 1
      } else {
        counts[0] += 1
      }
    }
    #expect(counts.allSatisfy { abs(Double($0) - 5000) < 4.5 * 5000.0.squareRoot() }, "\(counts)")
  }

  @Test func aCropLargerThanTheImageIsAnErrorThatNamesBoth() {
    let error = #expect(throws: HeadraceError.self) {
      _ = try steps(.randomCrop(width: 401, height: 10), 0)
    }
    #expect(error?.code == .wrongType && error?.message.contains("400x300") == true)
    #expect(error?.message.contains("401x10") == true)
  }

  @Test(arguments: [
    ImageTransform.resizeShorterSide(256), .pad(left: 0, top: 60_000, right: 0, bottom: 60_000),
  ])
  func aLineOfPixelsThatWouldBecomeTooManyIsRefused(transform: ImageTransform) {
    let error = #expect(throws: HeadraceError.self) { _ = try steps(transform, 0, width: 80_000_000, height: 1) }
    #expect(error?.code == .limitExceeded && error?.message.contains("80") == true)
  }

  @Test func aMirrorShowsNoMoreThanThereIs() throws {
    _ = try steps(.pad(left: 399, top: 0, right: 0, bottom: 299, mode: .reflect), 0)
    _ = try steps(.pad(left: 400, top: 0, right: 0, bottom: 300, mode: .symmetric), 0)
    for mode in [PaddingMode.reflect, .symmetric] {
      #expect(throws: HeadraceError.self) {
        _ = try steps(.pad(left: 0, top: 0, right: 401, bottom: 0, mode: mode), 0)
      }
    }
  }
}
