import CCrypto
import Headrace

/// SHA-256 of a stream of bytes, through libcrypto, which uses the processor's instructions for it (FIPS 180-4).
@safe
struct SHA256: ~Copyable {
  private let context: OpaquePointer

  init() throws(HeadraceError) {
    guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      throw HeadraceError(.systemCall, "libcrypto offers no SHA-256; leave out --digest, or mend its configuration.")
    }
    unsafe self.context = context
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  mutating func update(_ bytes: RawSpan) {
    _ = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
  }

  /// The digest so far, in hexadecimal. Ends the stream.
  consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    _ = unsafe EVP_DigestFinal_ex(context, &digest, nil)
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
