import CHeadraceSIMD
import HeadraceCore

/// Blurs interleaved pixels by a Gaussian, as torchvision.transforms.v2.functional.gaussian_blur does.
///
/// Weights are exp(-x^2 / (2 sigma^2)), in float32, and add up to 1. Columns are added up first, then rows, in float32;
/// the results are rounded to nearest, halves to even. torchvision adds up squares, which may round differently. Beyond
/// its edges the image is mirrored, `PaddingMode.reflect`, again and again where it is smaller than the kernel.
///
/// It keeps its memory for the next image; one serves one thread at a time.
struct GaussianBlur: ~Copyable {
  /// The most pixels that count in each direction.
  static let maximumKernelSize = 1001

  private var scratch = ScratchBuffer()

  /// Bytes that are kept for the next image.
  var byteCount: Int { scratch.capacity }

  /// Gives all memory back.
  mutating func release() { scratch.release() }

  /// Whether so many pixels can count in each direction: an odd number of them has a middle.
  static func isPossible(kernelSize: Int) -> Bool {
    (1...maximumKernelSize).contains(kernelSize) && !kernelSize.isMultiple(of: 2)
  }

  /// Blurs all channels, alpha too, into as many bytes as the source has.
  ///
  /// - Parameters:
  ///   - kernelSize: how many pixels count in each direction; odd, up to `maximumKernelSize`.
  ///   - sigma: the deviation in pixels, above 0.
  /// - Throws: `invalidArgument` for another kernel size or sigma; `outOfMemory`.
  /// - Complexity: O(bytes * kernelSize); memory for one row, not for the image.
  mutating func run(
    _ source: borrowing PixelView, kernelSize: Int, sigma: Double, into target: inout MutableSpan<UInt8>,
    variant: SIMDWidth = .widest
  ) throws(HeadraceError) {
    guard Self.isPossible(kernelSize: kernelSize), sigma > 0 else {
      throw HeadraceError(
        .invalidArgument,
        "A blur of \(kernelSize) pixels and a sigma of \(sigma) cannot be done; give an odd number of pixels up to "
          + "\(Self.maximumKernelSize), and a sigma above 0.")
    }
    precondition(target.count >= source.bytes.count, "\(source.bytes.count) bytes into \(target.count)")
    guard !source.bytes.isEmpty else { return }
    let (width, height, channels, stride) = (source.width, source.height, source.channels.rawValue, source.stride)
    let radius = kernelSize / 2
    let margin = radius * channels
    let rowsByteCount = unsafe kernelSize * MemoryLayout<UnsafePointer<UInt8>>.stride
    let sumCount = stride + 2 * margin
    let byteCount = rowsByteCount + (radius + 1 + sumCount) * MemoryLayout<Float>.stride
    try scratch.reserve(byteCount)
    var memory = scratch.mutableSpan(byteCount)

    unsafe memory.withUnsafeMutableBufferPointer { memory in
      unsafe source.bytes.withUnsafeBufferPointer { source in
        unsafe target.withUnsafeMutableBufferPointer { target in
          // The rows that count for one row, the weights from the middle outward, and one row of sums with margins.
          let base = UnsafeMutableRawPointer(memory.baseAddress!)
          let rows = unsafe base.bindMemory(to: UnsafePointer<UInt8>?.self, capacity: kernelSize)
          let weights = unsafe (base + rowsByteCount).bindMemory(to: Float.self, capacity: radius + 1 + sumCount)
          let sums = unsafe weights + radius + 1 + margin
          unsafe headrace_blur_weights(sigma, radius, weights)
          for y in 0..<height {
            for k in 0..<kernelSize {
              // Reflected pixels are always there.
              let row = PaddingMode.reflect.index(y + k - radius, of: height) ?? 0
              unsafe rows[k] = source.baseAddress! + row * stride
            }
            unsafe headrace_blur_columns(variant.rawValue, weights, radius, rows, stride, sums)
            for x in 1..<(radius + 1) {
              let before = PaddingMode.reflect.index(-x, of: width) ?? 0
              let after = PaddingMode.reflect.index(width - 1 + x, of: width) ?? 0
              for c in 0..<channels {
                unsafe sums[-x * channels + c] = sums[before * channels + c]
                unsafe sums[(width - 1 + x) * channels + c] = sums[after * channels + c]
              }
            }
            unsafe headrace_blur_row(
              variant.rawValue, weights, radius, sums, channels, stride, target.baseAddress! + y * stride)
          }
        }
      }
    }
  }
}
