import HeadraceCore
import Testing

@Suite struct PhiloxTests {
  /// The vectors that its authors publish with Random123 (`tests/kat_vectors`): counter, key, words.
  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
      (
        [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], [0xFFFF_FFFF, 0xFFFF_FFFF],
        [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
      ),
      (
        [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0],
        [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func computesWhatItsAuthorsPublish(_ counter: [UInt32], _ key: [UInt32], _ words: [UInt32]) {
    #expect(Philox.words(SIMD4(counter), key: SIMD2(key)) == SIMD4(words))
  }

  @Test func aBitOfCounterOrKeyChangesAboutHalfOfTheWords() {
    let counter = SIMD4<UInt32>(1, 2, 3, 4)
    let key = SIMD2<UInt32>(5, 6)
    let words = Philox.words(counter, key: key)
    for bit in 0..<(6 * 32) {
      var (counter, key) = (counter, key)
      if bit < 128 { counter[bit / 32] ^= 1 << (bit % 32) } else { key[bit / 32 - 4] ^= 1 << (bit % 32) }
      let changed = words ^ Philox.words(counter, key: key)
      let count = (0..<4).reduce(0) { $0 + changed[$1].nonzeroBitCount }
      #expect((36...92).contains(count), "bit \(bit) changes \(count) of 128")
    }
  }
}
