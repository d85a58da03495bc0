/// What becomes of an image whose file is cut, or whose compressed data is damaged.
///
/// Metadata that is damaged, so that size or kind of the pixels are not known, is an error either way.
public enum TruncationPolicy: Hashable, Sendable, CaseIterable {
  /// An error that names the byte: a cut file is a sign of a cut shard or a full disk.
  case refuse
  /// What the library makes of it: what is missing becomes gray or whatever the damage decodes to, as with Pillow's
  /// `ImageFile.LOAD_TRUNCATED_IMAGES`. For data sets whose damaged files count as samples.
  case fill
}
