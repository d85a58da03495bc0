"""One measurement: one loader, one job, in a process of its own, which `rounds` starts.

    python -m benchmarks.measure LOADER JOB --data DIR --epochs N --result FILE [--headrace PATH] [--check]
"""
import argparse
import json
import os
import pathlib
import time
import types

from benchmarks import check, processes
from benchmarks.jobs import JOBS, WORKERS
from benchmarks.peers import LOADERS, Loader, Measurement, Request


def main() -> None:
    """Measures and writes the result, or why there is none."""
    parser = argparse.ArgumentParser()
    parser.add_argument("loader", choices=LOADERS)
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--result", type=pathlib.Path, required=True)
    parser.add_argument("--headrace", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    # Loader and consumer share as many processors as there are workers, however many the machine has.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:WORKERS])
    processes.adopt_orphans()
    request = Request(JOBS[options.job], options.data, options.epochs, options.headrace)
    try:
        result = _measure(LOADERS[options.loader], request, options.check)
    except Exception as error:
        result = {"failure": " ".join(str(error).split()) or type(error).__name__}
    options.result.write_text(json.dumps(result))


def _measure(loader: Loader, request: Request, checked: bool) -> dict[str, float]:
    module = loader.load()
    baseline = processes.pss_bytes(os.getpid())
    measurement = module.run(request) if hasattr(module, "run") else _consume(module, request, checked)
    return {**measurement._asdict(), "baseline_bytes": baseline}


def _consume(module: types.ModuleType, request: Request, checked: bool) -> Measurement:
    """Takes all batches of a loader as a trainer would, and touches one element of each image.

    The clock starts when all modules are imported, before the files are listed and the loader is made.
    """
    cpu = processes.cpu_seconds()
    start = time.perf_counter()
    first = touched = 0.0
    images = first_images = 0
    for pixels, labels in module.batches(request):
        touched += float(pixels.reshape(len(pixels), -1)[:, 0].sum()) + float(labels.sum())
        images += len(pixels)
        if first_images == 0:
            first, first_images = time.perf_counter(), images
            check.check_batch(request.job, pixels, labels)
            if checked:
                check.check_pixels(request, pixels, labels)
    end = time.perf_counter()
    if images == first_images:
        raise ValueError(f"{images} images are too few for a rate")
    return Measurement(
        images=images,
        images_per_second=(images - first_images) / (end - first),
        first_batch_seconds=first - start,
        cpu_seconds=processes.cpu_seconds() - cpu,
    )


if __name__ == "__main__":
    main()
