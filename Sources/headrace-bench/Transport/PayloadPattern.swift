/// The bytes that the payloads consist of, by which the consumer knows that what arrived is what was sent.
enum PayloadPattern {
  /// What private memory is filled with before it is copied.
  static let copied: UInt8 = 0x5A

  /// What a payload written in place is filled with: another byte each time.
  static func inPlace(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: index) }

  static let name = "payload"
}
