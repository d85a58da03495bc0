import Testing

@testable import HeadraceCLI

/// Help is golden: a change of it is seen in review, word by word.
@Suite struct HelpTests {
  static let command = """
    usage: headrace COMMAND [OPTION...]

    Headrace feeds training: it decodes samples in a process of its own, into
    shared memory that the trainer reads.

    commands:
      run      load a data set as a trainer would, and report how fast it goes
      attach   read what another process loads, beside others that do
      top      show what the loaders of this machine are doing
      inspect  list what a shard or a folder holds

    exit status: 0 done, 1 the work failed (data, files, the system), 2 the command
    line is wrong (an option, a value, a pattern, sources that do not go together)

    'headrace COMMAND --help' tells more; 'headrace --version' prints the version.

    """

  static let run = """
    usage: headrace run --source PATH... [OPTION...]

    Loads a data set as a trainer would: samples are read and decoded in a worker
    process, written into batches in shared memory, and each batch is taken and
    given back. Reports how fast it went and where the time was spent.

    options:
      --source PATH...   a folder of images (one subfolder per class, or flat), or
                         tar and tar.zst shards; {000000..000099} is expanded
      --columns T=F,...  tensors and the fields they come from; default
                         image=png/jpg/jpeg/webp,label=cls, where there are labels
      --size WxH         resize images (bilinear, antialiased); without it all must
                         have the same size
      --transforms LIST  what becomes of each image, such as
                         'random_resized_crop(224),normalize(imagenet)'
      --channels C       gray, rgb or rgba; default rgb
      --layout L         hwc (default), or chw: a plane for each channel
      --dtype T          uint8 (default); float32, float16 or bfloat16: normalized,
                         or from 0 to 1
      --batch N          samples in a batch; default 64
      --epochs E         passes over the data; default 1
      --threads T        threads that decode; default: the processors of this
                         process, divided by W with --workers
      --workers W        decode in W further processes of T threads each, so that a
                         file that crashes one costs that file
      --concurrency C    samples decoded at once: a number, or auto; default: as
                         many as threads in all
      --slots S          batches that can exist at one time; default 8
      --placement P      subprocess (default) or same-process
      --ordering O       input (default): batches in the order of the source;
                         completion: first done, first out
      --partial P        the last samples of an epoch, short of a batch: emit
                         (default), pad or drop
      --limit N          take only the first N samples of each epoch
      --cache WHERE      keep the samples of the first epoch, not decoded, for later
                         ones: memory:BYTES, or disk:PATH for later runs too
      --shuffle SIZE     another order in each epoch, at random within a buffer of
                         SIZE samples
      --seed N           another seed gives another order of --shuffle, and other
                         random transforms; default 0
      --retries N        try a sample that fails up to N times more, after 0.1 s,
                         0.2 s and so on; default 0
      --max-failures N   leave out up to N bad samples per epoch and list them;
                         default 0: the first is an error
      --quarantine PATH  with --max-failures: keep those samples in a folder, each
                         with its error
      --digest           print image_sha256: SHA-256 over the image bytes of all
                         batches in the order delivered
      --metrics FILE     write statistics for Prometheus to FILE, every second and
                         at the end
      --readers N        serve N other processes, which read with headrace attach,
                         and take no batch itself
      --sharing S        with --readers: broadcast (default), each batch to all;
                         partition, in turn; or first-come
      --socket PATH      with --readers: where they attach
      --json             print one JSON object
      --help             print this

    examples:
      headrace run --source data/train --batch 64 --threads 2
      headrace run --source 'train-{000..099}.tar.zst' --size 224x224 --json

    """

  static let attach = """
    usage: headrace attach PATH [OPTION...]

    Reads the batches of a loader that another process has started, with 'headrace
    run --readers' or from a program: each is taken where it lies in shared memory,
    and given back. Reports how fast it went.

    options:
      --place N    the place to take among the readers, such as a rank; default: the
                   lowest that is free
      --epochs E   stop after E epochs; default: as many as there are
      --limit N    stop after N batches
      --timeout S  how many seconds to wait for the loader to be there; default 60
      --digest     print image_sha256: SHA-256 over the image bytes of the batches
                   that were read
      --json       print one JSON object
      --help       print this

    examples:
      headrace attach /run/user/1000/train.sock
      headrace attach train.sock --place 3 --json

    """

  static let top = """
    usage: headrace top [PROCESS] [OPTION...]

    Shows what the loaders of this user on this machine are doing: their stages, who
    reads, what limits them. Nothing is asked of them, and nothing is held up.
    PROCESS is a trainer, a reader, a worker or a supervisor, whose loaders alone
    are shown. The first look is since the start of each loader, the others since
    the look before. Ctrl-C ends it.

    options:
      --interval S  seconds from one look to the next, 1 to 3600; default 1
      --count N     end after N looks; default: none on a terminal, else 1
      --json        print one JSON object a look
      --help        print this

    examples:
      headrace top
      headrace top 4711 --interval 5
      headrace top --json --count 10

    """

  static let inspect = """
    usage: headrace inspect PATH [OPTION...]

    Lists the members of a tar or tar.zst shard, or the classes of a folder of
    images, and sums them up.

    options:
      --limit N             list at most N members or classes; default 20, 0 for
                            all; totals are always of the whole
      --contact-sheet FILE  draw the first images as a PNG file: a grid, each with
                            its label and name
      --images N            with --contact-sheet: how many; default 64
      --transforms LIST     with --contact-sheet: draw what headrace run makes of
                            them, but for normalize
      --seed N              with --transforms: that of the run; default 0
      --json                print one JSON object, with all members or classes that
                            --limit allows
      --help                print this

    examples:
      headrace inspect data/train-000000.tar.zst
      headrace inspect data/train --json
      headrace inspect data/train --contact-sheet first.png

    """

  @Test(arguments: [["--help"], ["-h"], ["help"]])
  func commandHelpIsAsReviewed(words: [String]) throws {
    try expect(words, Self.command)
  }

  @Test func withoutACommandTheHelpIsAnError() throws {
    let outcome = try Executable.run([])
    #expect(outcome.status == .exited(2))
    #expect(outcome.output == "")
    #expect(outcome.errors == Self.command)
  }

  @Test(arguments: [["run", "--help"], ["run", "-h"], ["run", "--batch", "3", "--help"], ["help", "run"]])
  func runHelpIsAsReviewed(words: [String]) throws {
    try expect(words, Self.run)
  }

  @Test(arguments: [["inspect", "--help"], ["inspect", "-h"], ["inspect", "a", "--help"], ["help", "inspect"]])
  func inspectHelpIsAsReviewed(words: [String]) throws {
    try expect(words, Self.inspect)
  }

  @Test(arguments: [["attach", "--help"], ["attach", "-h"], ["attach", "s", "--help"], ["help", "attach"]])
  func attachHelpIsAsReviewed(words: [String]) throws {
    try expect(words, Self.attach)
  }

  @Test(arguments: [["top", "--help"], ["top", "-h"], ["top", "17", "--help"], ["help", "top"]])
  func topHelpIsAsReviewed(words: [String]) throws {
    try expect(words, Self.top)
  }

  @Test func versionIsOneLine() throws {
    try expect(["--version"], "headrace \(CommandLineTool.version)\n")
    #expect(CommandLineTool.version.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
  }

  @Test func everyOptionIsOnThePage() throws {
    let page = try KeyPaths.page()
    #expect(RunOptions.options.count > 12)
    for option in RunOptions.options + AttachCommand.options + TopCommand.options + InspectCommand.options {
      let head = option.valueName.isEmpty ? option.name : "\(option.name) "
      #expect(page.contains("`\(head)") || page.contains("\(option.name)`"), "\(option.name) is not in docs/cli.md")
    }
  }

  /// And the page promises no option that is not there.
  @Test func everyOptionOfThePageExists() throws {
    let known = Set(
      (RunOptions.options + AttachCommand.options + TopCommand.options + InspectCommand.options).map(\.name))
    let named = try KeyPaths.page().matches(of: /(--[a-z][a-z-]*)/).map { String($0.1) }
    #expect(named.count > 15)
    #expect(named.filter { !known.contains($0) } == [])
  }

  @Test func helpFitsATerminal() {
    for line in [Self.command, Self.run, Self.attach, Self.top, Self.inspect].joined().split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  private func expect(
    _ words: [String], _ text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try Executable.run(words)
    #expect(outcome.status == .exited(0), sourceLocation: sourceLocation)
    #expect(outcome.output == text, sourceLocation: sourceLocation)
    #expect(outcome.errors == "", sourceLocation: sourceLocation)
  }
}
