"""The command `headrace run`, which takes each batch out of shared memory in its own process and gives it back."""
import json
import pathlib
import subprocess

from benchmarks import processes
from benchmarks.jobs import BATCH, SIDE, WORKERS
from benchmarks.peers import Measurement, Request

# Four batches at most exist at one time, about as many as the peers prefetch.
SLOTS = 4
OPTIONS = {
    "png256": ["--columns", "image=png,label=cls"],
    "jpeg224": ["--columns", "image=jpg,label=cls", "--transforms", f"resize({SIDE}x{SIDE})", "--layout", "hwc"],
    "train224": [
        "--columns", "image=jpg,label=cls",
        "--transforms", f"random_resized_crop({SIDE}),horizontal_flip(0.5),normalize(imagenet)",
        "--layout", "chw", "--dtype", "float32", "--seed", "1",
    ],
}  # fmt: skip


def command(request: Request, sources: list[pathlib.Path]) -> list[str]:
    """The command line that is measured."""
    if request.headrace is None:
        raise ValueError("no program headrace was named; build it with `make build` and give its path with --headrace")
    common = ["--batch", BATCH, "--threads", WORKERS, "--slots", SLOTS, "--epochs", request.epochs, "--json"]
    words = [request.headrace, "run", "--source", *sources, *OPTIONS[request.job.name], *common]
    return [str(word) for word in words]


def run(request: Request, sources: list[pathlib.Path]) -> Measurement:
    """Runs the command and reads its report. First batch and CPU count from the start of its process."""
    cpu = processes.cpu_seconds()
    done = subprocess.run(command(request, sources), capture_output=True, text=True)
    if done.returncode != 0:
        lines = done.stderr.splitlines() or [f"headrace ended with status {done.returncode}"]
        raise ValueError(lines[-1])
    processes.reap()
    report = json.loads(done.stdout)
    shapes = {tensor["name"]: (tensor["dtype"], tuple(tensor["shape"])) for tensor in report["tensors"]}
    if shapes["image"] != (request.job.dtype, request.job.shape):
        wanted = (request.job.dtype, request.job.shape)
        raise ValueError(f"headrace delivered {shapes['image']}, where the job is {wanted}")
    return Measurement(
        images=report["samples"],
        images_per_second=report["images_per_second"],
        first_batch_seconds=report["first_batch_seconds"],
        cpu_seconds=processes.cpu_seconds() - cpu,
    )
