/// An element that can say which sample it is.
public protocol SampleIdentifiable {
  /// Where this element comes from. Asked for once per element, when it leaves the source.
  var sampleID: SampleID { get }
}
