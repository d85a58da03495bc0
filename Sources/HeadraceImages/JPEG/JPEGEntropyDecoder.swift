/// Who decodes the entropy-coded data of a JPEG file.
package enum JPEGEntropyDecoder: Hashable, Sendable {
  /// This project: Huffman codes of files with one scan.
  case own
  /// libjpeg: several scans, arithmetic coding, or a system without what it takes.
  case library
  /// libjpeg, from the start, after this project had found that something is not as it should be.
  case leftToLibrary
}
