import Glibc
import Headrace

// Whatever forks is tested from here, because a test process is warm: `WorkerFixture SCENARIO [ARGUMENT...]` prints
// lines of `key value`, which HeadraceWorkerTests reads. The alarm ends a scenario that hangs; a forked child has none.
if let status = LoaderEntrance.run(Array(CommandLine.arguments.dropFirst()), ProgramScenarios.pipelines) {
  exit(status)
}
alarm(120)
Limits.forbidCoreFiles()
let status = Scenario.run(Array(CommandLine.arguments.dropFirst()))
if status != 0 { exit(status) }
