import HeadraceCore
import HeadraceImages

/// A tensor of its own memory, as a row of a batch would be.
public enum TensorBytes {
  /// Decodes a file into a uint8 tensor of that size.
  ///
  /// - Throws: as the decoder.
  public static func decode(_ file: [UInt8], by decoder: ImageDecoder, width: Int, height: Int) throws -> [UInt8] {
    let spec = TensorSpec("image", .uint8, shape: [height, width, decoder.channels.rawValue])
    var bytes = [UInt8](repeating: 0, count: spec.byteCount)
    var random = SampleContext(epoch: 0, position: 0, stage: "decode").random(seed: 7, sample: nil)
    try unsafe bytes.withUnsafeMutableBytes { bytes in
      var owner: Void = ()
      try unsafe decoder.decode(
        file.span, into: MutableTensor(spec: spec, bytes: bytes, owner: &owner), random: &random)
    }
    return bytes
  }
}
