import HeadraceCLI
import HeadraceSystem

// Nothing before this may start a thread: the worker is forked from this process.
Program.exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())))
