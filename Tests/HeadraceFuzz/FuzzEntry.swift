/// One input of libFuzzer: for the program in Tests/CHeadraceFuzzer.
///
/// - Returns: whether there is a target of that name.
@_cdecl("headrace_fuzz")
public func fuzz(_ name: UnsafePointer<CChar>, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Bool {
  guard let target = unsafe FuzzTarget(rawValue: String(cString: name)) else { return false }
  do throws(FuzzFinding) {
    try target.run(unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count)))
  } catch {
    fatalError("\(target.rawValue): \(error)")
  }
  return true
}
