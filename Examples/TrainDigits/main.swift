import Headrace

/// Exit statuses and messages; everything else is in `Training`.
do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  if options.wantsHelp {
    print(Options.help)
  } else {
    // Both workers are forked here, before anything else: only a process without threads may fork.
    var train = try DigitsLoader("\(options.data)/digits-train.tar.zst", options)
    var test = try DigitsLoader("\(options.data)/digits-test.tar.zst", options)
    var training = Training(epochs: options.epochs, seed: options.seed)

    try training.run(&train)
    let accuracy = try training.accuracy(&test)
    print("test accuracy \(HumanUnits.decimal(accuracy, places: 4))\n")
    print("\(train.statistics())\n")
    print(try training.headspace(train))
    print(
      """

      Images of 8x8 and a network this small leave a step little to compute, so
      loading weighs much in it: the share is no promise for a real model.
      """)
    if accuracy < Training.requiredAccuracy {
      Terminal.fail("test accuracy is below \(HumanUnits.decimal(Training.requiredAccuracy, places: 2))", status: 1)
    }
  }
} catch let error as UsageError {
  Terminal.fail("\(error)", status: 2)
} catch {
  Terminal.fail("\(error)", status: 1)
}
