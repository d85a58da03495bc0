import Testing

/// Command lines that make no sense: one line, exit status 2, nothing done.
@Suite struct UsageErrorTests {
  @Test(arguments: [
    ("run", "--source is missing: name a folder or shards, see 'headrace run --help'"),
    ("run --source", "--source needs a value: --source PATH..."),
    ("run --source --json", "--source needs a value: --source PATH..."),
    ("run --source a --batch", "--batch needs a value: --batch N"),
    ("run --source a --batch --json", "--batch needs a value: --batch N"),
    ("run --source a --batch 8 --batch 16", "--batch is given twice, as 8 and 16; give it once"),
    ("inspect a --limit 8 --limit 8", "--limit is given twice, as 8 and 8; give it once"),
    ("run --bach 3", "unknown option --bach (did you mean --batch?); see 'headrace run --help'"),
    ("run --sourc=a", "unknown option --sourc (did you mean --source?); see 'headrace run --help'"),
    (
      "run --source a --maxfailures 3",
      "unknown option --maxfailures (did you mean --max-failures?); see 'headrace run --help'"
    ),
    ("run --something-else", "unknown option --something-else; see 'headrace run --help'"),
    ("run -j", "unknown option -j; see 'headrace run --help'"),
    ("run a", "\"a\" belongs to no option; sources are given as --source a"),
    ("run --source a --json b", "\"b\" belongs to no option; sources are given as --source b"),
    ("run --source a --metrics=", "--metrics is empty; give the path of a file"),
    ("run --source a --metrics", "--metrics needs a value: --metrics FILE"),
    ("run --source a --digest=yes", "--digest takes no value, got \"yes\""),
    ("run --source a --batch 0", "--batch 0 is not possible: it takes a whole number from 1 to 1048576"),
    ("run --source a --batch -4", "--batch -4 is not possible: it takes a whole number from 1 to 1048576"),
    ("run --source a --batch 1.5", "--batch 1.5 is not possible: it takes a whole number from 1 to 1048576"),
    ("run --source a --batch 64k", "--batch 64k is not possible: it takes a whole number from 1 to 1048576"),
    ("run --source a --batch 1048577", "--batch 1048577 is not possible: it takes a whole number from 1 to 1048576"),
    ("run --source a --epochs 0", "--epochs 0 is not possible: it takes a whole number from 1 to 1000000000"),
    ("run --source a --threads 0", "--threads 0 is not possible: it takes a whole number from 1 to 256"),
    ("run --source a --threads 257", "--threads 257 is not possible: it takes a whole number from 1 to 256"),
    ("run --source a --limit 0", "--limit 0 is not possible: it takes a whole number from 1 to 9223372036854775807"),
    (
      "run --source a --max-failures -1",
      "--max-failures -1 is not possible: it takes a whole number from 0 to 9223372036854775807"
    ),
    (
      "run --source a --concurrency 0",
      "--concurrency 0 is not possible: it takes auto, or a whole number from 1 to 4096"
    ),
    (
      "run --source a --concurrency automatic",
      "--concurrency automatic is not possible: it takes auto, or a whole number from 1 to 4096"
    ),
    ("run --source a --shuffle 0", "--shuffle 0 is not possible: it takes a whole number from 1 to 16777216"),
    (
      "run --source a --seed 7",
      "--seed is of --shuffle and --transforms, and both are missing; give one of them, or leave it out"
    ),
    (
      "run --source a --shuffle 9 --seed -7",
      "--seed -7 is not possible: it takes a whole number from 0 to 9223372036854775807"
    ),
    ("run --source a --retries 1001", "--retries 1001 is not possible: it takes a whole number from 0 to 1000"),
    (
      "run --source a --quarantine bad",
      "--quarantine keeps the samples that --max-failures allows; give --max-failures 1 or more too"
    ),
    ("run --source a --max-failures 1 --quarantine=", "--quarantine is empty; give the path of a folder"),
    (
      "run --source a --cache memory",
      "--cache memory is not possible: it takes memory:BYTES, a whole number from 1, or disk:PATH, the path of a file"
    ),
    (
      "run --source a --cache memory:0",
      "--cache memory:0 is not possible: it takes memory:BYTES, a whole number from 1, or disk:PATH, the path of a file"
    ),
    (
      "run --source a --cache memory:1G",
      "--cache memory:1G is not possible: it takes memory:BYTES, a whole number from 1, or disk:PATH, the path of a"
        + " file"
    ),
    (
      "run --source a --cache disk:",
      "--cache disk: is not possible: it takes memory:BYTES, a whole number from 1, or disk:PATH, the path of a file"
    ),
    (
      "run --source a --cache disk",
      "--cache disk is not possible: it takes memory:BYTES, a whole number from 1, or disk:PATH, the path of a file"
    ),
    (
      "run --source a --size 3",
      "--size 3 is not possible: it takes WIDTHxHEIGHT in pixels, each from 1 to 65535, such as 224x224"
    ),
    (
      "run --source a --size 3x",
      "--size 3x is not possible: it takes WIDTHxHEIGHT in pixels, each from 1 to 65535, such as 224x224"
    ),
    (
      "run --source a --size 0x4",
      "--size 0x4 is not possible: it takes WIDTHxHEIGHT in pixels, each from 1 to 65535, such as 224x224"
    ),
    (
      "run --source a --size 4x65536",
      "--size 4x65536 is not possible: it takes WIDTHxHEIGHT in pixels, each from 1 to 65535, such as 224x224"
    ),
    ("run --source a --channels bgr", "--channels bgr is not possible: it takes gray, rgb, rgba"),
    ("run --source a --placement here", "--placement here is not possible: it takes subprocess, same-process"),
    ("run --source a --ordering random", "--ordering random is not possible: it takes input, completion"),
    ("run --source a --partial keep", "--partial keep is not possible: it takes emit, pad, drop"),
    (
      "run --source a --placement subproces",
      "--placement subproces is not possible (did you mean subprocess?): it takes subprocess, same-process"
    ),
    ("run --source a --channels RGB", "--channels RGB is not possible (did you mean rgb?): it takes gray, rgb, rgba"),
    ("run --source a --partial dorp", "--partial dorp is not possible (did you mean drop?): it takes emit, pad, drop"),
    ("run --source a --columns image", "--columns image: \"image\" is not of the form TENSOR=FIELD, such as image=png"),
    (
      "run --source a --columns image=gif",
      "--columns image=gif: field \"gif\" cannot be batched; name images (png, jpg, jpeg, webp) and cls (labels) fields"
        + " alone"
    ),
    ("run --source a --columns a=png,a=cls", "--columns a=png,a=cls: two columns are named \"a\"; rename one"),
    (
      "run --source a --columns a=cls --digest",
      "--digest is over images, and --columns a=cls names no image; name one, or leave it out"
    ),
    (
      "run --source a --size 3x3 --transforms center_crop(3)",
      "--size and --transforms both say what becomes of images; put resize(WIDTHxHEIGHT) into the latter"
    ),
    (
      "run --source a --transforms center_crop",
      "--transforms center_crop: center_crop has no size; write it as center_crop(SIDE or WxH)"
    ),
    (
      "run --source a --transforms center_crop(3),normalize(imagenet)",
      "--transforms center_crop(3),normalize(imagenet): Tensor image uint8[3, 3, 3] cannot hold normalized values;"
        + " declare it .float32, .float16 or .bfloat16"
    ),
    ("run --source a --layout nchw", "--layout nchw is not possible (did you mean chw?): it takes hwc, chw"),
    (
      "run --source a --dtype int8",
      "--dtype int8 is not possible (did you mean uint8?): it takes uint8, float32, float16, bfloat16"
    ),
    ("inspect", "a path is missing: headrace inspect PATH"),
    ("inspect a b", "one path at a time: \"b\" is a second one"),
    ("inspect a --limit many", "--limit many is not possible: it takes a whole number from 0 to 9223372036854775807"),
    ("inspect a --jsn", "unknown option --jsn (did you mean --json?); see 'headrace inspect --help'"),
    ("inspect a --source b", "unknown option --source; see 'headrace inspect --help'"),
    ("load", "unknown command \"load\"; the commands are run, attach, top and inspect, see 'headrace --help'"),
    (
      "rnu",
      "unknown command \"rnu\" (did you mean run?); the commands are run, attach, top and inspect, see 'headrace"
        + " --help'"
    ),
    (
      "help inspct",
      "unknown command \"inspct\" (did you mean inspect?); the commands are run, attach, top and inspect, see 'headrace"
        + " --help'"
    ),
    (
      "--hlep",
      "unknown command \"--hlep\" (did you mean --help?); the commands are run, attach, top and inspect, see 'headrace"
        + " --help'"
    ),
    ("help load", "unknown command \"load\"; the commands are run, attach, top and inspect, see 'headrace --help'"),
    ("--json", "unknown command \"--json\"; the commands are run, attach, top and inspect, see 'headrace --help'"),
  ])
  func commandLineIsRefusedInOneLine(words: String, line: String) throws {
    let outcome = try Executable.run(words.split(separator: " ").map(String.init))
    #expect(outcome.status == .exited(2))
    #expect(outcome.output == "")
    #expect(outcome.errorLine == line)
  }

  @Test func slotsHaveBounds() throws {
    for slots in ["0", "1", "1000000000"] {
      let outcome = try Executable.run("run", "--source", "a", "--slots", slots)
      #expect(outcome.status == .exited(2))
      #expect(
        outcome.errorLine?.hasPrefix("--slots \(slots) is not possible: it takes a whole number from 2 to ") == true)
    }
  }

  /// A mistake in the command line comes before a mistake in the data, with `--json` too.
  @Test func usageErrorPrintsNoObject() throws {
    let outcome = try Executable.run("run", "--source", "/nowhere", "--json", "--batch", "x")
    #expect(outcome.status == .exited(2))
    #expect(outcome.output == "")
  }

  @Test func emptyValuesAreRefused() throws {
    for (words, line) in [
      (["--batch="], "--batch  is not possible"), (["--size="], "--size  is not possible"),
      (["--columns="], "--columns : \"\" is not of the form"), (["--channels="], "--channels  is not possible"),
    ] {
      let outcome = try Executable.run(["run", "--source", "a"] + words)
      #expect(outcome.status == .exited(2))
      #expect(outcome.errorLine?.hasPrefix(line) == true, "\(outcome)")
    }
  }
}
