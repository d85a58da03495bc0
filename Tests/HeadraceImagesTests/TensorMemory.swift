import HeadraceCore
import Testing

/// Memory of one tensor between two margins that nothing may write to; hands the tensor out as a batch's row does.
@safe
struct TensorMemory: ~Copyable {
  private static let margin = 64
  private static let untouched: UInt8 = 0xa5
  private let spec: TensorSpec
  private let memory: UnsafeMutableRawBufferPointer

  init(_ dtype: DType = .uint8, shape: [Int]) {
    spec = TensorSpec("image", dtype, shape: shape)
    unsafe memory = .allocate(byteCount: spec.byteCount + 2 * Self.margin, alignment: 64)
    for i in unsafe memory.indices { unsafe memory[i] = Self.untouched }
  }

  deinit { unsafe memory.deallocate() }

  @_lifetime(&self)
  mutating func tensor(_ name: String) throws(HeadraceError) -> MutableTensor {
    guard name == spec.name else { throw HeadraceError(.noSuchTensor, name) }
    let inner = unsafe UnsafeMutableRawBufferPointer(
      rebasing: memory[Self.margin..<(Self.margin + spec.byteCount)])
    return unsafe MutableTensor(spec: spec, bytes: inner, owner: &self)
  }

  /// What the tensor holds; records an issue if a margin was written to.
  func bytes(sourceLocation: SourceLocation = #_sourceLocation) -> [UInt8] {
    let all = unsafe [UInt8](memory)
    let margins = all.prefix(Self.margin) + all.suffix(Self.margin)
    #expect(margins.allSatisfy { $0 == Self.untouched }, "written outside the tensor", sourceLocation: sourceLocation)
    return Array(all[Self.margin..<(Self.margin + spec.byteCount)])
  }
}
