"""Writes a folder of small PNG files and the SHA-256 of the pixels that Pillow makes of them.

    python3 make_images.py        (needs Pillow 13 and NumPy; the same zlib gives the same bytes on every run)

images/       every color type and bit depth, interlaced and not, and tRNS of 8 bits
digests.json  SHA-256 over the pixels of all files in the order of their names: as they are per mode (L, RGB, RGBA), and
              resized to 5x4 by Image.BILINEAR per mode (L-5x4, ...)
"""

import hashlib
import json
import pathlib
import random
import sys

import PIL
from PIL import Image

FOLDER = pathlib.Path(__file__).parent
sys.path.insert(0, str(FOLDER / "../../HeadraceImagesTests/Fixtures"))
from make_fixtures import DEPTHS, key_of, make_png, picture  # noqa: E402

WIDTH, HEIGHT = 9, 7


def files():
    rng = random.Random(4)
    for color, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (False, True):
                pixels = picture(rng, WIDTH, HEIGHT, depth, color, 1 << depth)
                palette = rng.randbytes(3 << depth) if color == 3 else None
                name = f"color{color}-depth{depth:02}{'-interlaced' * interlaced}"
                yield name, make_png(pixels, depth, color, interlaced, palette)
                if depth == 8 and color in (0, 2, 3):
                    trns = rng.randbytes(200) if color == 3 else key_of(pixels, color)
                    yield name + "-transparent", make_png(pixels, depth, color, interlaced, palette, trns)


def main():
    folder = FOLDER / "images"
    folder.mkdir(exist_ok=True)
    for file in folder.glob("*.png"):
        file.unlink()
    for name, data in files():
        (folder / f"{name}.png").write_bytes(data)
    paths = sorted(folder.glob("*.png"), key=lambda path: path.name)
    digests = {"pillow": PIL.__version__, "files": len(paths)}
    for mode in ("L", "RGB", "RGBA"):
        plain, resized = hashlib.sha256(), hashlib.sha256()
        for path in paths:
            image = Image.open(path).convert(mode)
            plain.update(image.tobytes())
            resized.update(image.resize((5, 4), Image.Resampling.BILINEAR).tobytes())
        digests[mode], digests[f"{mode}-5x4"] = plain.hexdigest(), resized.hexdigest()
    (FOLDER / "digests.json").write_text(json.dumps(digests, indent=1) + "\n")
    print(digests)


if __name__ == "__main__":
    main()
