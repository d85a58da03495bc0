"""Takes the measurements: each in a process of its own, loader after loader, round after round."""
import contextlib
import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from benchmarks import processes
from benchmarks.peers import LOADERS

SAMPLING_SECONDS = 0.05
ENDING_SECONDS = 5


class Failure(Exception):
    """Why a measurement came to nothing, in one line."""


@dataclasses.dataclass
class Series:
    """The measurements of one loader at one job."""

    loader: str
    job: str
    rounds: list[dict[str, float]] = dataclasses.field(default_factory=list)
    peak_memory_bytes: int = 0
    """All processes of the loader and the consumer."""
    added_memory_bytes: int = 0
    """The same, without what the consumer had once it had imported the loader's packages."""
    failure: str | None = None


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is measured, and for how long."""

    data: pathlib.Path
    headrace: pathlib.Path | None
    loaders: list[str]
    jobs: list[str]
    rounds: int
    epochs: int
    timeout: float
    """Seconds after which a measurement is given up."""

    def measure(self) -> list[Series]:
        """Takes all measurements. Those of a loader that fails at a job end there, with the reason in its series.

        A first round checks what is delivered and samples memory, which costs time, so its rates do not count.
        """
        series = [Series(loader, job) for job in self.jobs for loader in self.loaders]
        for number in range(self.rounds + 1):
            for job in self.jobs:
                # Each round begins with another loader, so that none is always the one after a pause.
                row = [one for one in series if one.job == job]
                shift = number % len(row)
                for one in row[shift:] + row[:shift]:
                    if one.failure is None:
                        self._extend(one, number)
        return series

    def _extend(self, series: Series, number: int) -> None:
        title = f"{series.job:9} {LOADERS[series.loader].title:22}"
        start = time.monotonic()
        try:
            result = self._run(series, sampled=number == 0)
        except Failure as failure:
            series.failure = str(failure)
            print(f"{title} left out: {failure}", file=sys.stderr, flush=True)
            return
        what = f"round {number}/{self.rounds} {result['images_per_second']:8.0f} images/s"
        if number == 0:
            what = f"checked       {series.peak_memory_bytes / 2**20:8.0f} MiB"
        else:
            series.rounds.append(result)
        print(f"{title} {what}, took {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)

    def _run(self, series: Series, sampled: bool) -> dict[str, float]:
        """One measurement; where it is sampled, what is delivered is checked, and its memory goes into `series`."""
        with tempfile.TemporaryDirectory() as folder:
            result, errors = pathlib.Path(folder, "result.json"), pathlib.Path(folder, "errors.txt")
            command = [sys.executable, "-m", "benchmarks.measure", series.loader, series.job, "--data", str(self.data)]
            command += ["--epochs", str(self.epochs), "--result", str(result)]
            if self.headrace:
                command += ["--headrace", str(self.headrace)]
            if sampled:
                command += ["--check"]
            with errors.open("w") as log:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    env=_environment(),
                )
            peak = self._watch(process, sampled)
            if not result.exists():
                lines = errors.read_text(errors="replace").split("\n")
                last = next((line.strip() for line in reversed(lines) if line.strip()), "and said nothing")
                raise Failure(f"ended with status {process.returncode}: {last}")
            values = json.loads(result.read_text())
        if "failure" in values:
            raise Failure(values["failure"])
        baseline = values.pop("baseline_bytes")
        if sampled:
            series.added_memory_bytes = max(0, peak - baseline)
            # Beside Headrace's own program the process that measures it is no part of it.
            series.peak_memory_bytes = series.added_memory_bytes if series.loader.startswith("headrace") else peak
        return values

    def _watch(self, process: subprocess.Popen, sampled: bool) -> int:
        """Waits for the end of `process`, and returns the most memory that was seen; 0 where it is not sampled."""
        peak, end = 0, time.monotonic() + self.timeout
        try:
            if sampled:
                while process.poll() is None and time.monotonic() < end:
                    peak = max(peak, processes.pss_bytes(process.pid))
                    time.sleep(SAMPLING_SECONDS)
            process.wait(timeout=max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise Failure(f"no end after {self.timeout:.0f} s") from None
        finally:
            _end_group(process)
        return peak


def _end_group(process: subprocess.Popen) -> None:
    """Ends `process` and what it has left running; gently first, so that Python's tracker removes shared memory."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        end = time.monotonic() + ENDING_SECONDS
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
            while time.monotonic() < end:
                process.poll()
                os.killpg(process.pid, 0)
                time.sleep(0.02)
    process.wait()


def _environment() -> dict[str, str]:
    """That of the measuring process: no GPU, where the machine has one, and no chatter."""
    return {**os.environ, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
