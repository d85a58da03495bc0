import HeadraceTestSupport

@testable import HeadraceRing

extension FormatPage {
  /// docs/formats/ring.md.
  init() throws { try self.init(named: "ring") }
}

extension FormatPage.Table {
  /// Offset, size and name of each row, as the code has them.
  func ringFields() throws -> [RingLayout.Field] {
    try fields().map { RingLayout.Field(name: $0.name, offset: $0.offset, byteCount: $0.byteCount) }
  }
}
