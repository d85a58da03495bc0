"""The Python environment of the comparison: a venv of its own, filled with requirements.txt.

Imports nothing but the standard library, since it runs before there is anything else.
"""
import ctypes.util
import hashlib
import os
import pathlib
import subprocess
import sys

PYTHON = (3, 11)
REQUIREMENTS = pathlib.Path(__file__).with_name("requirements.txt")
INSTALL_SECONDS = 3600

# FFmpeg's libraries that SPDL's decoders load, and the Debian packages that bring them along.
FFMPEG = {"avdevice": "libavdevice59", "avfilter": "libavfilter8"}


class EnvironmentFault(Exception):
    """What is missing, and what to do."""


def prepare(folder: pathlib.Path) -> pathlib.Path:
    """The interpreter of the venv at `folder`, which is made if it is not there or was made for other requirements.

    The first time takes minutes and 8 GB of disk. Raises EnvironmentFault.
    """
    if sys.version_info[:2] != PYTHON:
        raise EnvironmentFault(
            "needs Python {0}.{1}, for which {2} has versions, and this is {3}.{4}; run it with python{0}.{1}".format(
                *PYTHON, REQUIREMENTS.name, *sys.version_info[:2]
            )
        )
    missing = [package for library, package in FFMPEG.items() if ctypes.util.find_library(library) is None]
    if missing:
        raise EnvironmentFault(f"SPDL needs libraries of FFmpeg that are missing: apt-get install {' '.join(missing)}")
    python = folder / "bin" / "python"
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"benchmarks/run: installing {REQUIREMENTS.name} into {folder}: minutes", file=sys.stderr, flush=True)
        _call([sys.executable, "-m", "venv", "--clear", str(folder)])
        _call([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(REQUIREMENTS)])
        stamp.write_text(wanted)
    return python


def _call(command: list[str]) -> None:
    """Runs `command`, whose output goes to standard error. Raises EnvironmentFault where it fails or takes an hour."""
    try:
        subprocess.run(command, check=True, stdout=sys.stderr, timeout=INSTALL_SECONDS, env=_plain_environment())
    except subprocess.CalledProcessError as error:
        what = f"`{' '.join(command)}` failed with status {error.returncode}"
        raise EnvironmentFault(f"{what}; its last lines say why") from None
    except subprocess.TimeoutExpired:
        what = f"`{' '.join(command)}` did not end within {INSTALL_SECONDS} s"
        raise EnvironmentFault(f"{what}; is PyPI reachable?") from None


def _plain_environment() -> dict[str, str]:
    """This process's environment without what leads Python to packages outside the venv."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
