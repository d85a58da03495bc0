import Headrace
import HeadracePipeline
import Testing

/// Mistakes of stages for images, which are told when a pipeline is planned.
@Suite struct ColumnMistakeTests {
  private static let records = Pipeline(from: [Record]())

  @Test(arguments: [
    (ImageTransform.resize(width: 0, height: 9), "the size is 0x9"),
    (.colorJitter(brightness: -1), "brightness is -1.0"), (.normalizeImageNet, "leave normalize out"),
  ])
  func aTransformThatIsNotPossibleIsTold(transform: ImageTransform, words: String) {
    let decoding = Self.records.decode("look", from: "png", decoder: ImageDecoder([transform]))
    let transforming = Self.records.decode(from: "png").transform("look", [transform])
    for pipeline in [decoding, transforming] {
      let error = #expect(throws: HeadraceError.self) { try PipelinePlan(pipeline) }
      #expect(error?.code == .invalidPipeline && error?.stage == "look")
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
  }

  @Test func numbersOfOtherChannelsAreToldWhereTheChannelsAreKnown() {
    let erasing = ImageTransform.randomErasing(value: [1, 2])
    let error = #expect(throws: HeadraceError.self) {
      try PipelinePlan(Self.records.decode(from: "png", decoder: ImageDecoder([erasing])))
    }
    #expect(error?.message.contains("images of rgb have 3 channels") == true, "\(error?.message ?? "")")
    #expect(throws: Never.self) { try PipelinePlan(Self.records.decode(from: "png").transform("erase", [erasing])) }
  }

  @Test func aColumnWithoutFieldsIsTold() {
    let column = Column(TensorSpec("label", .int64), from: [], decoder: IntegerDecoder())
    let ofColumn = #expect(throws: HeadraceError.self) {
      try PipelinePlan(Self.records.batch(size: 2, columns: [column]))
    }
    #expect(ofColumn?.code == .invalidPipeline && ofColumn?.stage == "decode")
    #expect(
      ofColumn?.message == "Tensor label int64[] comes from no field; name one, such as from: \"png\".",
      "\(ofColumn?.message ?? "")")
    let ofImage = #expect(throws: HeadraceError.self) { try PipelinePlan(Self.records.decode("look")) }
    #expect(ofImage?.code == .invalidPipeline && ofImage?.stage == "look")
    #expect(
      ofImage?.message == "An image of stage \"look\" comes from no field; name one, such as from: \"png\".",
      "\(ofImage?.message ?? "")")
  }
}
