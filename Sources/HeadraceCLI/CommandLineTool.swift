import Headrace
import HeadraceSystem

/// The `headrace` command: picks a subcommand, prints its errors, and returns the exit status.
///
/// 0: done. 1: the work failed, by data, files or the system. 2: the command line is wrong, whatever the files hold.
public enum CommandLineTool {
  /// What `headrace --version` prints behind the name of the command.
  public static let version = "0.1.0"

  /// Does what a command line asks for; results go to standard output, an error is one line on standard error, and
  /// what is printed there without a command is the help.
  ///
  /// - Parameter words: the arguments, without the program's name.
  public static func run(_ words: [String]) -> Int32 {
    // Started by a trainer, to load for it.
    if let status = LoaderEntrance.run(words, ["images": ImageLoader.self]) { return status }
    do {
      switch words.first {
      case "run"?: return try RunCommand.run(Array(words.dropFirst()))
      case "attach"?: return try AttachCommand.run(Array(words.dropFirst()))
      case "top"?: return try TopCommand.run(Array(words.dropFirst()))
      case "inspect"?: return try InspectCommand.run(Array(words.dropFirst()))
      case "--version"?:
        try StandardStream.output.write("headrace \(version)\n")
        return 0
      // As most tools have it: `headrace help run` is `headrace run --help`.
      case "help"? where words.count > 1: return run([words[1], "--help"])
      case nil:
        StandardStream.error.show(help)
        return 2
      case "help"?, "--help"?, "-h"?:
        try StandardStream.output.write(help)
        return 0
      case let other?:
        let suggestion = Suggestion.text(
          for: other, among: ["run", "attach", "top", "inspect", "help", "--help", "--version"])
        throw UsageError(
          "unknown command \"\(other)\"\(suggestion); the commands are run, attach, top and inspect, see 'headrace"
            + " --help'"
        )
      }
    } catch let error as UsageError {
      report("\(error)")
      return 2
    } catch {
      report(CommandWords.of("\(error)"))
      return 1
    }
  }

  /// An error is one line, whatever the names in it.
  private static func report(_ error: String) {
    StandardStream.error.show("headrace: \(PrintableText.line(error))\n")
  }

  static let help = """
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
}
