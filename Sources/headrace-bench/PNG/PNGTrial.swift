import Headrace
import HeadraceAllocations
import HeadraceImages
import HeadraceSystem

/// Decodes the same files again and again, as a loader does: each into a row of its own of memory that is reused.
@safe
struct PNGTrial: ~Copyable {
  /// A way through the files.
  enum Work: CaseIterable {
    case headrace, libpng, inflate
  }

  private struct Picture {
    let file: [UInt8]
    let spec: TensorSpec
    let stream: PNGStream
    let offset: Int
  }

  private let pictures: [Picture]
  private let memory: UnsafeMutableRawBufferPointer

  /// - Throws: `malformedImage` for a file that is damaged; each is decoded on both paths, and they must agree.
  init(_ files: [[UInt8]]) throws {
    var pictures: [Picture] = []
    var byteCount = 0
    for file in files {
      let header = try PNG.header(of: file)
      let channels = Self.channels(of: header.colorType)
      guard let stream = PNGStream(file), stream.inflate() > 0,
        try PNG.decode(file.span, channels: channels, path: .standard)
          == PNG.decode(file.span, channels: channels, path: .libpng)
      else { throw WrongPayload() }
      let spec = TensorSpec("image", .uint8, shape: [header.height, header.width, channels.rawValue])
      pictures.append(Picture(file: file, spec: spec, stream: stream, offset: byteCount))
      byteCount += spec.byteCount
    }
    self.pictures = pictures
    unsafe memory = .allocate(byteCount: byteCount, alignment: 4096)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { unsafe memory.deallocate() }

  /// Images per second, over as many passes through all files as take `seconds` at least.
  func rate(_ work: Work, seconds: Double) throws -> Double {
    let start = MonotonicClock.now
    let end = start + UInt64(seconds * 1e9)
    var count = 0
    while MonotonicClock.now < end || count == 0 {
      try pass(work)
      count += pictures.count
    }
    return Double(count) / (Double(MonotonicClock.now - start) / 1e9)
  }

  /// Allocations of the process per image, on the path that a loader takes, once it is warm.
  func allocationsPerImage() throws -> Double {
    try pass(.headrace)
    AllocationCounter.start()
    try pass(.headrace)
    return Double(AllocationCounter.stop().allocations) / Double(pictures.count)
  }

  private func pass(_ work: Work) throws {
    for picture in pictures {
      switch work {
      case .headrace: try decode(picture, .standard)
      case .libpng: try decode(picture, .libpng)
      case .inflate: _ = picture.stream.inflate()
      }
    }
  }

  private func decode(_ picture: borrowing Picture, _ path: PNGPath) throws {
    var owner: Void = ()
    let bytes = unsafe UnsafeMutableRawBufferPointer(
      rebasing: memory[picture.offset..<(picture.offset + picture.spec.byteCount)])
    let tensor = unsafe MutableTensor(spec: picture.spec, bytes: bytes, owner: &owner)
    try PNG.decode(picture.file.span, into: tensor, path: path)
  }

  /// What training would ask for: a palette is color, and alpha is kept.
  private static func channels(of type: PNGHeader.ColorType) -> ImageChannels {
    switch type {
    case .gray: .gray
    case .rgb, .palette: .rgb
    case .grayAlpha, .rgba: .rgba
    }
  }
}
