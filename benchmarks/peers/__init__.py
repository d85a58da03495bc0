"""The loaders that are compared, one module each.

A module has `batches(request)`, which makes the loader and yields each batch as pixels and labels; that of Headrace,
whose batches are taken by its own program, has `run(request)` in its place and returns the measurement itself.
"""
import dataclasses
import importlib
import pathlib
import types
from typing import NamedTuple

from benchmarks.jobs import Job


@dataclasses.dataclass(frozen=True)
class Request:
    """What a loader is asked for."""

    job: Job
    data: pathlib.Path
    """Folder that data.prepare has filled."""
    epochs: int
    headrace: pathlib.Path | None
    """The program headrace."""

    @property
    def files(self) -> pathlib.Path:
        """Folder of the job's files, in class folders."""
        return self.data / "files" / self.job.data_set

    @property
    def shards(self) -> list[pathlib.Path]:
        """Tar files that hold the same."""
        return sorted((self.data / "shards" / self.job.data_set).iterdir())


class Measurement(NamedTuple):
    """What one run of a loader came to."""

    images: int
    images_per_second: float
    """Images after the first batch, by the time from the first batch to the last."""
    first_batch_seconds: float
    cpu_seconds: float
    """Of all processes, from the moment from which `first_batch_seconds` counts."""


@dataclasses.dataclass(frozen=True)
class Loader:
    """A loader that is compared."""

    name: str
    title: str
    module: str
    packages: tuple[str, ...] = ()
    """Whose versions belong to its figures."""

    def load(self) -> types.ModuleType:
        """Imports the module and with it all packages of the loader."""
        return importlib.import_module(f"benchmarks.peers.{self.module}")


LOADERS = {
    loader.name: loader
    for loader in (
        Loader("headrace", "Headrace", "headrace_files"),
        Loader("headrace_tar", "Headrace, tar shards", "headrace_shards"),
        Loader("torch", "PyTorch DataLoader", "torch_loader", ("torch", "torchvision")),
        Loader("tf_data", "tf.data", "tf_data", ("tensorflow-cpu",)),
        Loader("dali", "DALI, CPU", "dali", ("nvidia-dali-cuda120",)),
        Loader("grain", "Grain", "grain_loader", ("grain", "opencv-python-headless")),
        Loader("spdl", "SPDL in a subprocess", "spdl_subprocess", ("spdl", "spdl-io")),
    )
}
