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
  /// Empty for a flat folder, whose images have no labels.
  let classes: [Class]
  var damage: HeadraceError? { nil }

  init(_ source: FolderSource) {
    path = source.path
    samples = source.count ?? 0
    classes = zip(source.classNames, source.classCounts).enumerated().map { label, entry in
      Class(label: label, name: entry.0, samples: entry.1)
    }
  }

  var text: String {
    let path = PrintableText.line(path)
    guard !classes.isEmpty else { return "\(path): \(HumanUnits.count(samples, "image")) without labels\n" }
    let rows = classes.map { [PrintableText.line($0.name), "\($0.label)", HumanUnits.count($0.samples)] }
    return "\(path): \(HumanUnits.count(samples, "image")) in"
      + " \(HumanUnits.count(classes.count, "class", plural: "classes"))\n\n"
      + "\(TextTable([["class", "label", "samples"]] + rows))\n"
  }
}
