import Glibc

/// A variable of this process's environment.
public struct EnvironmentVariable: Sendable {
  public let value: String

  /// nil if there is none of that name.
  public init?(_ name: String) {
    guard let text = unsafe getenv(name) else { return nil }
    value = unsafe String(cString: text)
  }

  /// Its value as a whole number, `standard` if it is none.
  public static func number(_ name: String, or standard: Int) -> Int {
    Self(name).flatMap { Int($0.value) } ?? standard
  }
}
