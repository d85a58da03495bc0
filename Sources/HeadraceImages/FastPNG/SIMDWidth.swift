import CHeadraceSIMD

/// Which variant of a loop over pixels runs; all of them have the same results.
package enum SIMDWidth: Int32, Hashable, Sendable, CaseIterable {
  // Raw values are those of headrace_simd.h.
  /// A byte at a time: the twin that the others are compared with.
  case scalar = 0
  /// 16 bytes: SSE4.1, NEON.
  case bytes16 = 1
  /// 32 bytes: AVX2.
  case bytes32 = 2
  /// 64 bytes: AVX-512.
  case bytes64 = 3
  /// 64 bytes in any order: AVX-512 with VBMI and VNNI.
  case bytes64VBMI = 4

  /// The widest that this processor has.
  package static let widest = SIMDWidth(rawValue: headrace_simd_widest()) ?? .scalar

  /// Those that this processor has, from `scalar` up.
  package static var available: [SIMDWidth] { allCases.filter { $0.rawValue <= widest.rawValue } }
}
