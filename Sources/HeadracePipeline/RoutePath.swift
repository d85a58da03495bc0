/// One of the paths of a route: a name, and the stages for the samples that are sent along it.
///
/// ```swift
/// .path("image") { $0.map("decode", concurrency: 8) { try Example(image: $0) } }
/// ```
public struct RoutePath<Element: Sendable, Output: Sendable> {
  let name: String
  let extend: (Pipeline<Element>) -> Pipeline<Output>

  /// Describes a path.
  ///
  /// - Parameters:
  ///   - name: what the route's `choose` returns for the samples of this path.
  ///   - extend: adds the path's stages to the pipeline of what is sent along it; `{ $0 }` for none. Called once, when
  ///     the route is described.
  public static func path(
    _ name: String, _ extend: @escaping (Pipeline<Element>) -> Pipeline<Output>
  ) -> RoutePath<Element, Output> {
    RoutePath(name: name, extend: extend)
  }
}
