"""Makes the images: crops of the photographs that scikit-image, scikit-learn and Matplotlib ship, the same each time.

DIR/files/SET/CLASS/NUMBER.EXT are the files, DIR/shards/SET/NUMBER.tar the same ones with a `cls` file each, and
DIR/manifest.json says what they were made by, so that they are made once. A class is a photograph.
"""
import dataclasses
import importlib.resources
import io
import json
import pathlib
import shutil
import sys
import tarfile

import numpy
import PIL
from PIL import Image, ImageEnhance, ImageOps

# Goes up when images would come out different.
RECIPE = 1
COUNT = 2000
SHARDS = 4

# Photographs in color of the packages, each large enough for a crop of 500x375 without enlarging it.
PHOTOGRAPHS = {
    "astronaut": ("skimage", "data/astronaut.png"),
    "china": ("sklearn", "datasets/images/china.jpg"),
    "coffee": ("skimage", "data/coffee.png"),
    "flower": ("sklearn", "datasets/images/flower.jpg"),
    "hopper": ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
    "motorcycle": ("skimage", "data/motorcycle_left.png"),
    "retina": ("skimage", "data/retina.jpg"),
    "rocket": ("skimage", "data/rocket.jpg"),
}


@dataclasses.dataclass(frozen=True)
class DataSet:
    """One kind of files: its name, the size of the images, and how Pillow writes them."""

    name: str
    width: int
    height: int
    extension: str
    options: dict[str, object]


DATA_SETS = (
    DataSet("png256", 256, 256, "png", {"format": "PNG"}),
    DataSet("jpeg500", 500, 375, "jpg", {"format": "JPEG", "quality": 90, "subsampling": "4:2:0"}),
)


def prepare(folder: pathlib.Path) -> dict[str, dict[str, int]]:
    """Makes what is not there yet, reads all of it into the page cache, and returns each set's files and bytes."""
    manifest = folder / "manifest.json"
    wanted = {"recipe": RECIPE, "count": COUNT, "pillow": PIL.__version__, "numpy": numpy.__version__}
    if not manifest.exists() or json.loads(manifest.read_text()) != wanted:
        manifest.unlink(missing_ok=True)
        for data_set in DATA_SETS:
            print(f"benchmarks: making {COUNT} images of {data_set.name} in {folder}", file=sys.stderr, flush=True)
            _make(data_set, folder)
        manifest.write_text(json.dumps(wanted, indent=2) + "\n")
    return {data_set.name: _warm(folder, data_set) for data_set in DATA_SETS}


def _make(data_set: DataSet, folder: pathlib.Path) -> None:
    files, shards = folder / "files" / data_set.name, folder / "shards" / data_set.name
    for kind in (files, shards):
        shutil.rmtree(kind, ignore_errors=True)
        kind.mkdir(parents=True)
    names = sorted(PHOTOGRAPHS)
    photographs = [_photograph(*PHOTOGRAPHS[name]) for name in names]
    archives = [tarfile.open(shards / f"{number:03}.tar", "w") for number in range(SHARDS)]
    for number in range(COUNT):
        label = number % len(names)
        random = numpy.random.default_rng((RECIPE, number))
        buffer = io.BytesIO()
        _variation(photographs[label], data_set.width, data_set.height, random).save(buffer, **data_set.options)
        path = files / names[label] / f"{number:04}.{data_set.extension}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(buffer.getvalue())
        archive = archives[number * SHARDS // COUNT]
        _add(archive, f"{number:04}.{data_set.extension}", buffer.getvalue())
        _add(archive, f"{number:04}.cls", str(label).encode())
    for archive in archives:
        archive.close()


def _photograph(package: str, path: str) -> Image.Image:
    """A photograph out of an installed package; nothing is downloaded."""
    resource = importlib.resources.files(package).joinpath(path)
    with importlib.resources.as_file(resource) as file, Image.open(file) as image:
        return image.convert("RGB")


def _variation(photograph: Image.Image, width: int, height: int, random: numpy.random.Generator) -> Image.Image:
    """A random crop, at its size or made smaller, at times mirrored, a little lighter or darker."""
    largest = min(photograph.width / width, photograph.height / height)
    scale = random.uniform(1, largest)
    left = random.uniform(0, photograph.width - width * scale)
    top = random.uniform(0, photograph.height - height * scale)
    box = (left, top, left + width * scale, top + height * scale)
    image = photograph.resize((width, height), Image.Resampling.LANCZOS, box)
    if random.random() < 0.5:
        image = ImageOps.mirror(image)
    return ImageEnhance.Brightness(image).enhance(random.uniform(0.85, 1.15))


def _add(archive: tarfile.TarFile, name: str, contents: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(contents)
    archive.addfile(member, io.BytesIO(contents))


def _warm(folder: pathlib.Path, data_set: DataSet) -> dict[str, int]:
    sizes = [len(path.read_bytes()) for path in (folder / "files" / data_set.name).rglob(f"*.{data_set.extension}")]
    for path in (folder / "shards" / data_set.name).iterdir():
        path.read_bytes()
    return {"files": len(sizes), "bytes": sum(sizes)}
