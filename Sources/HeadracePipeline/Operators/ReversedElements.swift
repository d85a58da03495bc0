import Synchronization

/// The elements of an array, of which each is let go of when it is taken: who has it then is the only one.
final class ReversedElements<Element: Sendable>: Sendable {
  /// The next one last.
  private let rest: Mutex<[Element]>

  init(_ elements: [Element]) {
    rest = Mutex(elements.reversed())
  }

  /// - Precondition: there is one.
  func takeNext() -> Element { rest.withLock { $0.removeLast() } }
}
