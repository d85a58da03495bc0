import Foundation
import HeadraceFuzz

/// The files that fuzzing begins with: a few hundred bytes of each kind, by what they are called.
enum FuzzCorpus {
  struct File: Sendable {
    var name: String
    var bytes: [UInt8]
  }

  /// The files of a target, by name.
  static func files(of target: FuzzTarget) throws -> [File] {
    let folder = Bundle.module.url(forResource: "Corpus", withExtension: nil)!.appendingPathComponent(target.rawValue)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      File(name: name, bytes: [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))))
    }
  }
}
