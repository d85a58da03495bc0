import Glibc
import HeadraceSystem
import Testing

@Suite struct EventTests {
  private func isReadable(_ number: Int32) -> Bool { Poll.wait(number, until: 0).first }

  @Test func aSignalStaysUntilItIsDrained() throws {
    let signal = try EventSignal()
    #expect(!isReadable(signal.descriptor.number))
    signal.signal()
    #expect(isReadable(signal.descriptor.number))
    #expect(isReadable(signal.descriptor.number))
    signal.drain()
    #expect(!isReadable(signal.descriptor.number))
  }

  @Test func oneDrainForgetsAllSignals() throws {
    let signal = try EventSignal()
    for _ in 0..<1000 { signal.signal() }
    signal.drain()
    #expect(!isReadable(signal.descriptor.number))
    signal.signal()
    #expect(isReadable(signal.descriptor.number))
  }

  @Test func drainingNothingDoesNotBlock() throws {
    let signal = try EventSignal()
    for _ in 0..<3 { signal.drain() }
    #expect(!isReadable(signal.descriptor.number))
  }

  @Test func aFullCounterDoesNotBlockAndStaysReadable() throws {
    let signal = try EventSignal()
    // eventfd(2): the largest value that the counter can hold; one more would block a blocking descriptor.
    var largest = UInt64.max - 1
    #expect(unsafe write(signal.descriptor.number, &largest, 8) == 8)
    signal.signal()
    #expect(isReadable(signal.descriptor.number))
    signal.drain()
    #expect(!isReadable(signal.descriptor.number))
  }

  @Test func theReadEndOfAPipeIsReadableOnceTheLastWriterIsGone() throws {
    let reader: FileDescriptor
    let writer: FileDescriptor
    do {
      let pipe = try Pipe()
      reader = FileDescriptor(owning: dup(pipe.readEnd.number))
      #expect(!isReadable(reader.number))
      writer = FileDescriptor(owning: dup(pipe.writeEnd.number))
    }
    // One writer is left: the lifeline holds.
    #expect(!isReadable(reader.number))
    discard(writer)
    #expect(isReadable(reader.number))
    var byte: UInt8 = 0
    #expect(unsafe read(reader.number, &byte, 1) == 0)
  }

  private func discard(_: consuming FileDescriptor) {}
}
