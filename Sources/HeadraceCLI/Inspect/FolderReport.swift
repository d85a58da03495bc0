import Headrace

/// What a folder of images holds.
struct FolderReport: InspectReport {
  struct Class: Encodable {
    let label: Int
    let name: String
    let samples: Int
  }

  let path: String
  let samples: Int
  /// Zero for a flat folder, whose images have no labels.
  let classCount: Int
  /// The first of them, as many as are listed.
  let classes: [Class]
  let filesLeftOut: [LeftOutFiles]
  /// Names that start with a dot; they are not among `filesLeftOut`.
  let hiddenFiles: Int
  var damage: HeadraceError? { nil }

  /// - Parameter limit: classes to list; 0 for all.
  init(_ source: FolderSource, limit: Int) {
    path = source.path
    samples = source.count ?? 0
    filesLeftOut = LeftOutFiles.of(source.otherFileCounts)
    hiddenFiles = HiddenFiles.count(in: source.path)
    classCount = source.classNames.count
    classes = zip(source.classNames, source.classCounts).prefix(limit == 0 ? .max : limit).enumerated().map {
      label, entry in Class(label: label, name: entry.0, samples: entry.1)
    }
  }

  func text(columns: Int?) -> String {
    let path = PrintableText.line(path)
    guard classCount > 0 else {
      return "\(path): \(HumanUnits.count(samples, "image")) without labels\n\(leftOut)"
    }
    let rows = classes.map { [PrintableText.line($0.name), "\($0.label)", HumanUnits.count($0.samples)] }
    var text =
      "\(path): \(HumanUnits.count(samples, "image")) in"
      + " \(HumanUnits.count(classCount, "class", plural: "classes"))\n\(leftOut)\n"
      + "\(NameTable(rows: [["class", "label", "samples"]] + rows, columns: columns))\n"
    if classes.count < classCount {
      let more = HumanUnits.count(classCount - classes.count, "more class", plural: "more classes")
      text += "... and \(more); --limit 0 lists all\n"
    }
    return text
  }

  /// A line on what is no sample; empty if all is.
  private var leftOut: String {
    let kinds = filesLeftOut.map(\.text) + (hiddenFiles > 0 ? ["\(HumanUnits.count(hiddenFiles)) hidden"] : [])
    return kinds.isEmpty ? "" : "files left out: \(PrintableText.line(kinds.joined(separator: ", ")))\n"
  }
}
