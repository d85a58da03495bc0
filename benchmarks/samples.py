"""The files of a data set, as all loaders that take a list get them."""
import pathlib
from typing import NamedTuple


class Sample(NamedTuple):
    """An image file and the number of its class."""

    path: str
    label: int


def list_samples(folder: pathlib.Path) -> list[Sample]:
    """All files below the class folders of `folder`, sorted; a class's number is its place among the sorted names."""
    classes = sorted(entry for entry in folder.iterdir() if entry.is_dir())
    return [Sample(str(path), label) for label, entry in enumerate(classes) for path in sorted(entry.iterdir())]
