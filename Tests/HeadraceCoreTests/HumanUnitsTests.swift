import HeadraceCore
import Testing

@Suite struct HumanUnitsTests {
  @Test(arguments: [
    (0, "0.0 us"), (0.8e-6, "0.8 us"), (0.04e-6, "0.0 us"), (9.99e-6, "10.0 us"), (99.95e-6, "100.0 us"),
    (999.4e-6, "999.4 us"), (999.5e-6, "1.0 ms"), (999.95e-6, "1.0 ms"), (12.4e-3, "12.4 ms"), (0.9994, "999.4 ms"),
    (0.9995, "1.00 s"), (0.99995, "1.00 s"), (3.1, "3.10 s"), (59.996, "60.00 s"), (86_400, "86,400.00 s"),
  ])
  func secondsHaveTheUnitOfOneToThreeDigits(seconds: Double, text: String) {
    #expect(HumanUnits.seconds(seconds) == text)
  }

  @Test(arguments: [(-12.4e-3, "-12.4 ms"), (-5, "-5.00 s"), (-0.8e-6, "-0.8 us")])
  func negativeSecondsHaveTheUnitOfTheirSize(seconds: Double, text: String) {
    #expect(HumanUnits.seconds(seconds) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (1, "1 B"), (999, "999 B"), (1_000, "1.0 kB"), (12_000, "12.0 kB"), (99_949, "99.9 kB"),
    (99_950, "100 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (999_950, "1.0 MB"), (3_400_000_000, "3.4 GB"),
    (1_000_000_000_000, "1.0 TB"), (5_000_000_000_000_000, "5,000 TB"),
  ])
  func bytesHaveTheUnitOfOneToThreeDigits(count: Int, text: String) {
    #expect(HumanUnits.bytes(count) == text)
  }

  @Test(arguments: [
    (0.0, "0 B/s"), (12_000, "12.0 kB/s"), (3.4e9, "3.4 GB/s"), (.nan, "nan B/s"), (.infinity, "inf TB/s"),
  ])
  func ratesOfBytesAreBytesOfASecond(rate: Double, text: String) {
    #expect(HumanUnits.bytesPerSecond(rate) == text)
  }

  @Test(arguments: [(-1, "-1 B"), (-12_000, "-12.0 kB"), (-999_500, "-1.0 MB")])
  func negativeBytesHaveTheUnitOfTheirSize(count: Int, text: String) {
    #expect(HumanUnits.bytes(count) == text)
  }

  @Test(arguments: [(0, "0 %"), (0.004, "0 %"), (0.005, "1 %"), (0.966, "97 %"), (1, "100 %"), (-0.1, "-10 %")])
  func sharesAreWholePercent(share: Double, text: String) {
    #expect(HumanUnits.share(share) == text)
  }

  @Test(arguments: [
    (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (-0.005, 2, "-0.01"), (999.95, 1, "1,000.0"), (0.05, 1, "0.1"),
    (1.999, 2, "2.00"), (10.07, 2, "10.07"), (-3.25, 1, "-3.3"), (7.5, 0, "8"), (-7.4, 0, "-7"),
    (1234567.891, 2, "1,234,567.89"), (-1000, 0, "-1,000"), (999, 0, "999"),
  ])
  func decimalsAreRoundedToTheirPlaces(value: Double, places: Int, text: String) {
    #expect(HumanUnits.decimal(value, places: places) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (-1_000, "-1,000"), (100_000, "100,000"), (1_234_567, "1,234,567"),
    (Int.max, "9,223,372,036,854,775,807"), (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func countsHaveACommaBetweenThousands(count: Int, text: String) {
    #expect(HumanUnits.count(count) == text)
  }

  @Test func oneIsSingularAndAllElseIsPlural() {
    #expect(
      [0, 1, 2, 1_001].map { HumanUnits.count($0, "sample") } == [
        "0 samples", "1 sample", "2 samples", "1,001 samples",
      ])
    #expect([1, 2].map { HumanUnits.count($0, "batch", plural: "batches") } == ["1 batch", "2 batches"])
  }

  @Test func numbersThatHaveNoSuchDecimalsAreShownAsTheyAre() {
    #expect(HumanUnits.decimal(.nan, places: 1) == "nan")
    #expect(HumanUnits.decimal(-.infinity, places: 1) == "-inf")
    #expect(HumanUnits.decimal(1e300, places: 2) == "1e+300")
    #expect(HumanUnits.decimal(9e14, places: 6) == "900000000000000.0")
  }
}
