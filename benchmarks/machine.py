"""What the figures belong to: processor, system, versions."""
import importlib.metadata
import os
import pathlib
import platform
import subprocess

import psutil

from benchmarks.peers import LOADERS


def describe() -> dict[str, object]:
    """The machine, and how busy it is now."""
    return {
        "cpu": _cpu_name(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": psutil.virtual_memory().total,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_average": round(os.getloadavg()[0], 2),
    }


def versions(loaders: list[str], headrace: pathlib.Path | None) -> dict[str, str]:
    """Of the packages that the loaders use, and of Headrace where its program is there."""
    packages = sorted({package for loader in loaders for package in LOADERS[loader].packages} | {"numpy", "pillow"})
    found = {package: importlib.metadata.version(package) for package in packages}
    if headrace:
        said = subprocess.run([headrace, "--version"], capture_output=True, text=True, timeout=60).stdout.split()
        found["headrace"] = said[-1] if said else "unknown"
    return found


def _cpu_name() -> str:
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
