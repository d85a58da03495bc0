import Testing

@Suite struct RaggedTests {
  @Test(arguments: ["subprocess", "same-process"])
  func rowsOfDifferentLengthsArriveAsTheyWereWritten(placement: String) throws {
    let output = try Fixture.run("ragged", placement)
    #expect(output.values("wrong") == [])
    #expect(output.values("samples") == ["true", "true"])
    let rows = Array(repeating: 8, count: 12)
    #expect(output.values("rows") == ["\(rows)", "\(rows)"])
    #expect(output["failures"] == "16")
    #expect(output["copied"] == "true")
  }

  @Test(arguments: ["subprocess", "same-process"])
  func bucketsArriveAsBatchesOfTheirOwnSizes(placement: String) throws {
    let output = try Fixture.run("ragged-groups", placement)
    #expect(output.values("wrong") == [])
    #expect(output.values("samples") == ["true", "true"])
    let rows = output.values("rows")
    #expect(rows.count == 2 && rows.first == rows.last)
    #expect(output["failures"] == "16")
  }

  @Test func whatDoesNotFitIsSaidWithSizesAndRemedy() throws {
    let output = try Fixture.run("ragged-limits")
    #expect(output["fits"] == "[4, 4]")
    #expect(
      output["row"]
        == "after [4] limitExceeded: A row of tensor x uint8[0...60] has 70 in dimension 0, at most 60 are allowed: cut"
        + " it, raise the shape of the TensorSpec, or skip the sample with onFailure. stage fill sample sample 7")
    #expect(
      output["batch"]
        == "after [4] batchTooLarge: 4 rows of tensor x uint8[0...70] need 220 bytes, and its maximumByteCount is 219;"
        + " raise it, lower BatchSpec.size, or make batches of samples of about the same length. stage fill sample -")
    #expect(
      output["slot"]
        == "before batchTooLarge: A slot holds 100 bytes, a batch of 4 samples needs 536; raise slotByteCount or lower"
        + " BatchSpec.size.")
    #expect(
      output["no-row"]
        == "before invalidPipeline: Tensor x uint8[0...70] has a maximumByteCount of 69; it must have room for one full"
        + " row, 70."
    )
  }
}
