import Headrace

/// The sample whose images have the size that all must have, where `--size` gives none: the first good one.
struct ReferenceImage {
  let sample: SampleID
  /// Size of the image of each tensor.
  let sizes: [String: ImageSize]

  /// Looks at samples until the images of one are good; as many as `tolerated` may be bad.
  ///
  /// Without tolerance only headers are read: the rest of a bad first image ends the run anyway. Otherwise pixels are
  /// decoded too, lest an image that will be left out rules the size of all others.
  ///
  /// - Parameters:
  ///   - first: the sample before those that `reader` still has.
  ///   - columns: those of images.
  /// - Throws: The bad image's error, with the sample; `tooManyFailures`; what the source throws.
  init(_ first: Record, _ reader: inout InputSource.Reader, columns: [ColumnMapping.Column], tolerated: Int) throws {
    var failures: [HeadraceError] = []
    var next: Record? = first
    while let record = next {
      do throws(HeadraceError) {
        sizes = try Self.sizes(of: record, columns, isLenient: tolerated > 0)
        sample = record.sampleID
        return
      } catch {
        failures.append(error)
        guard failures.count <= tolerated else { throw Self.tooMany(failures) }
      }
      next = try reader.next()
    }
    var none = failures[0]
    let count = HumanUnits.count(failures.count)
    let all = failures.count == 1 ? "The only sample has no" : "None of the \(count) samples has a"
    none.message =
      "\(all) good image, so there is no size to take; give --size, or mend the data. The first: \(none.message)"
    throw none
  }

  private static func sizes(
    of record: Record, _ columns: [ColumnMapping.Column], isLenient: Bool
  ) throws(HeadraceError) -> [String: ImageSize] {
    do throws(HeadraceError) {
      var sizes: [String: ImageSize] = [:]
      for column in columns {
        let bytes = try record.bytes(column.field(of: record))
        let header = try ImageHeader(of: bytes.span)
        // Too many pixels are refused by the decoder, before it takes any memory.
        if isLenient || header.width * header.height > DecodeLimits.default.maximumPixels {
          _ = try Image.decode(bytes, channels: .gray)
        }
        sizes[column.tensor] = ImageSize(width: header.width, height: header.height)
      }
      return sizes
    } catch {
      var located = MissingField.explained(error, record, columns)
      located.sample = error.sample ?? record.sampleID
      throw located
    }
  }

  private static func tooMany(_ failures: [HeadraceError]) -> HeadraceError {
    let last = failures[failures.count - 1]
    guard failures.count > 1 else { return last }
    return HeadraceError(
      .tooManyFailures,
      "\(failures.count) samples failed, \(failures.count - 1) may; raise --max-failures, or mend the data."
        + " The last: \(last.message)", stage: last.stage, sample: last.sample, cause: last.cause)
  }
}
