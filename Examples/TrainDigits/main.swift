do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  if options.wantsHelp { print(Options.help) }
} catch {
  Terminal.fail("\(error)", status: 2)
}
