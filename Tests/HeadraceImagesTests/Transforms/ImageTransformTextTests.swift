import HeadraceCore
import HeadraceImages
import Testing

@Suite struct ImageTransformTextTests {
  @Test(arguments: [
    (
      "random_resized_crop(224),horizontal_flip(0.5),normalize(imagenet)",
      [ImageTransform.randomResizedCrop(224), .horizontalFlip(), .normalizeImageNet]
    ),
    ("resize(256), center_crop(224)", [.resizeShorterSide(256), .centerCrop(224)]),
    (
      "resize(320x240, interpolation=bicubic, antialias=false)",
      [.resize(width: 320, height: 240, interpolation: .bicubic, antialias: false)]
    ),
    (
      "random_crop(32, padding=4, mode=reflect)",
      [.randomCrop(width: 32, height: 32, padding: 4, mode: .reflect)]
    ),
    (
      "random_resized_crop(64x32, scale=0.5...1, ratio=1)",
      [.randomResizedCrop(width: 64, height: 32, scale: 0.5...1, ratio: 1...1)]
    ),
    ("vertical_flip, rotate(3), random_quarter_turn", [.verticalFlip(), .rotate(quarterTurns: 3), .randomQuarterTurn]),
    ("pad(1, 2, 3, 4, mode=7)", [.pad(left: 1, top: 2, right: 3, bottom: 4, mode: .constant(7))]),
    ("pad(4)", [.pad(left: 4, top: 4, right: 4, bottom: 4)]),
    ("pad(4, 2, mode=reflect)", [.pad(left: 4, top: 2, right: 4, bottom: 2, mode: .reflect)]),
    ("pad(top=3, left=1)", [.pad(left: 1, top: 3, right: 0, bottom: 0)]),
    ("pad(all=2, mode=edge)", [.pad(left: 2, top: 2, right: 2, bottom: 2, mode: .edge)]),
    (
      "color_jitter(0.4, 0.3, hue=0.1),grayscale(0.2)",
      [.colorJitter(brightness: 0.4, contrast: 0.3, hue: 0.1), .grayscale(probability: 0.2)]
    ),
    ("gaussian_blur(5, sigma=0.5...1)", [.gaussianBlur(kernelSize: 5, sigma: 0.5...1)]),
    ("random_erasing(0.25, value=0.5/1/2)", [.randomErasing(probability: 0.25, value: [0.5, 1, 2])]),
    ("normalize(mean=0.5, deviation=0.25/0.5/1)", [.normalize(mean: [0.5], deviation: [0.25, 0.5, 1])]),
  ])
  func aListIsReadAsItIsWritten(text: String, transforms: [ImageTransform]) throws {
    #expect(try ImageTransform.list(text) == transforms)
  }

  @Test(arguments: [
    ("resize", "has no size"), ("resize(a)", "neither a number"), ("resize(0)", "1 to 65535"),
    ("rezise(3)", "no transform \"rezise\"; did you mean resize? Possible are resize, "),
    ("sharpen", "There is no transform \"sharpen\". Possible are resize, "), ("pad", "has no padding"),
    ("pad(1, 2, 3)", "3 numbers"), ("pad(1, 2, 3, 4, 5)", "5 numbers"), ("pad(1, all=2)", "all beside other"),
    ("pad(all=2, left=1)", "beside numbers for all"), ("pad(1, top=2)", "beside numbers for all"),
    ("pad(x)", "a side \"x\", which is no whole number"),
    ("center_crop(3) x", "goes on after the parentheses"),
    ("center_crop(3) center_crop(4)", "parentheses in those"),
    ("center_crop(3", "does not close"), ("center_crop 3)", "closes a parenthesis"),
    (",center_crop(3)", "without a name"),
    ("", "without a name"), ("(3)", "without a name"), ("center_crop((3))", "parentheses in those"),
    ("horizontal_flip(2)", "from 0.0 to 1.0"), ("horizontal_flip(0.5, 3)", "belongs to nothing"),
    ("random_crop(3, padding=x)", "no whole number"), ("random_crop(3, mode=mirror)", "possible are edge"),
    ("resize(3, interpolation=cubic)", "possible are nearest"), ("resize(3, antialias=1)", "true and false"),
    ("random_resized_crop(3, scale=1...0.5)", "no range"), ("random_resized_crop(3, scale=0...1)", "above 0"),
    ("gaussian_blur(4)", "must be odd"), ("gaussian_blur", "has no kernel_size"),
    ("normalize(mean=1)", "has no deviation"),
    ("normalize(mean=1, deviation=0)", "above 0"), ("color_jitter(hue=0.6)", "from 0.0 to 0.5"),
    ("normalize(mean=1/x, deviation=1)", "no number"), ("horizontal_flip(nan)", "no number"),
  ])
  func aMistakeIsNamedWithWhatIsPossible(text: String, words: String) {
    let error = #expect(throws: HeadraceError.self) { try ImageTransform.list(text) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}
