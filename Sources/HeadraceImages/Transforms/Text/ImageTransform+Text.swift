import HeadraceCore

extension ImageTransform {
  /// Reads a list such as `random_resized_crop(224),horizontal_flip(0.5),normalize(imagenet)`.
  ///
  /// Names are those of the cases in snake case. Sizes are `224`, of a square, or `320x240`, width first; `resize(256)`
  /// is of the shorter side. `pad` takes one number for all sides, two for left and right and for top and bottom, or
  /// four, as torchvision does. Ranges are `0.08...1`, one number for each channel `0.5/0.4/0.3`. Arguments come in the
  /// order of the case's, or by name: `random_crop(32, padding=4, mode=reflect)`.
  ///
  /// - Throws: `invalidArgument`, naming what is wrong, where, and what is possible.
  public static func list(_ text: String) throws(HeadraceError) -> [ImageTransform] {
    var list: [ImageTransform] = []
    for call in try TransformCall.list(text) { list.append(try make(call)) }
    return list
  }

  /// Names that a list may hold, each with its arguments, for people.
  public static var textForms: [String] { forms.map(\.form) }

  private static func make(_ call: TransformCall) throws(HeadraceError) -> ImageTransform {
    guard let entry = forms.first(where: { $0.name == call.name }) else {
      let names = forms.map(\.name)
      let near = EditDistance.nearest(to: call.name, among: names).map { "; did you mean \($0)?" } ?? "."
      throw HeadraceError(
        .invalidArgument,
        "There is no transform \"\(call.name)\"\(near) Possible are \(names.joined(separator: ", ")).")
    }
    var arguments = TransformArguments(call, form: entry.form)
    let transform = try entry.make(&arguments)
    try arguments.finish()
    if let mistake = transform.mistake {
      throw HeadraceError(.invalidArgument, "\(call.text) is not possible: \(mistake).")
    }
    return transform
  }

  private typealias Make = @Sendable (inout TransformArguments) throws(HeadraceError) -> ImageTransform

  private static let forms: [(name: String, form: String, make: Make)] = [
    (
      "resize", "resize(WxH or SHORTER_SIDE, interpolation=bilinear, antialias=true)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        let (width, height, isOneNumber) = try a.size()
        let kernel = try a.kernel()
        return isOneNumber
          ? .resizeShorterSide(width, interpolation: kernel.interpolation, antialias: kernel.antialias)
          : .resize(width: width, height: height, interpolation: kernel.interpolation, antialias: kernel.antialias)
      }
    ),
    (
      "center_crop", "center_crop(SIDE or WxH)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        let size = try a.size()
        return .centerCrop(width: size.width, height: size.height)
      }
    ),
    (
      "random_crop", "random_crop(SIDE or WxH, padding=0, mode=0)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        let size = try a.size()
        return .randomCrop(
          width: size.width, height: size.height, padding: try a.integer("padding") ?? 0, mode: try a.mode())
      }
    ),
    (
      "random_resized_crop",
      "random_resized_crop(SIDE or WxH, scale=0.08...1, ratio=0.75...1.3333, interpolation=bilinear, antialias=true)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        let size = try a.size()
        let scale = try a.range("scale") ?? 0.08...1
        let ratio = try a.range("ratio") ?? 0.75...4.0 / 3
        let kernel = try a.kernel()
        return .randomResizedCrop(
          width: size.width, height: size.height, scale: scale, ratio: ratio, interpolation: kernel.interpolation,
          antialias: kernel.antialias)
      }
    ),
    (
      "horizontal_flip", "horizontal_flip(probability=0.5)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        .horizontalFlip(probability: try a.number("probability") ?? 0.5)
      }
    ),
    (
      "vertical_flip", "vertical_flip(probability=0.5)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        .verticalFlip(probability: try a.number("probability") ?? 0.5)
      }
    ),
    (
      "rotate", "rotate(QUARTER_TURNS)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        .rotate(quarterTurns: try a.required(try a.integer("quarter_turns"), "quarter_turns"))
      }
    ),
    (
      "random_quarter_turn", "random_quarter_turn",
      { (a: inout TransformArguments) throws(HeadraceError) in .randomQuarterTurn }
    ),
    (
      "pad", "pad(ALL), pad(LEFT_RIGHT, TOP_BOTTOM) or pad(left, top, right, bottom), each with mode=0",
      { (a: inout TransformArguments) throws(HeadraceError) in
        let (left, top, right, bottom) = try a.sides()
        return .pad(left: left, top: top, right: right, bottom: bottom, mode: try a.mode())
      }
    ),
    (
      "color_jitter", "color_jitter(brightness=0, contrast=0, saturation=0, hue=0)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        .colorJitter(
          brightness: try a.number("brightness") ?? 0, contrast: try a.number("contrast") ?? 0,
          saturation: try a.number("saturation") ?? 0, hue: try a.number("hue") ?? 0)
      }
    ),
    (
      "grayscale", "grayscale(probability=1)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        .grayscale(probability: try a.number("probability") ?? 1)
      }
    ),
    (
      "gaussian_blur", "gaussian_blur(KERNEL_SIZE, sigma=0.1...2)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        .gaussianBlur(
          kernelSize: try a.required(try a.integer("kernel_size"), "kernel_size"),
          sigma: try a.range("sigma") ?? 0.1...2)
      }
    ),
    (
      "random_erasing", "random_erasing(probability=0.5, scale=0.02...0.33, ratio=0.3...3.3, value=0)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        .randomErasing(
          probability: try a.number("probability") ?? 0.5, scale: try a.range("scale") ?? 0.02...0.33,
          ratio: try a.range("ratio") ?? 0.3...3.3, value: try a.numbers("value") ?? [])
      }
    ),
    (
      "normalize", "normalize(imagenet), or normalize(mean=0.5/0.5/0.5, deviation=0.25/0.25/0.25)",
      { (a: inout TransformArguments) throws(HeadraceError) in
        if a.take(word: "imagenet") { return .normalizeImageNet }
        let mean = try a.required(try a.numbers("mean"), "mean")
        return .normalize(mean: mean, deviation: try a.required(try a.numbers("deviation"), "deviation"))
      }
    ),
  ]
}
