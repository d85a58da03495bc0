/// A sample on its way between two stages, whatever its type.
///
/// The engine carries these and is not generic. Where users' closures meet it, in `Pipeline.map` and its like, the
/// types are known, and what stands there is inlinable: the user's module specialises it. Unspecialised code would look
/// types up at run time for every sample, which costs more than all else together. Types are checked where stages are
/// put together, so casting back cannot fail.
@usableFromInline typealias AnySample = any Sendable

/// The value of `sample`, which the pipeline's types say is an `Element`.
@inlinable func typed<Element: Sendable>(_ sample: AnySample, as _: Element.Type = Element.self) -> Element {
  func open<Value>(_ value: Value) -> Element {
    // The types are the same, so this is no more than a copy; a cast would first ask the runtime what they are.
    if Value.self == Element.self { return unsafe unsafeBitCast(value, to: Element.self) }
    return cast(value)
  }
  return open(sample)
}

/// Apart, because what a cast needs at run time would be looked up on the quick path too.
@inline(never)
@usableFromInline func cast<Value, Element>(_ value: Value) -> Element {
  guard let value = value as? Element else { preconditionFailure("a stage for \(Element.self) got a \(Value.self)") }
  return value
}
