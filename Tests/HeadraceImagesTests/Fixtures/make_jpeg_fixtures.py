"""Writes the JPEG and WebP corpus of HeadraceImagesTests and what Pillow 13 makes of it.

    python3 make_jpeg_fixtures.py   (needs Pillow 13, NumPy and libjpeg-turbo's cjpeg)

photos.bin    all files, and the pixels of the small ones, end to end
photos.json   where they are, and for each file and mode the hash of Pillow's pixels (FNV-1a of 64 bits)
  jpeg  name, size, components, progressive, orientation, the file; hashes of RGB, and of L: luma as draft("L") has it,
        or convert("L") where that is not to be had (RGB, CMYK)
  webp  name, size, orientation, the file; hashes of RGB, RGBA and L

cjpeg makes what Pillow cannot: other subsamplings than three, arithmetic coding, scan scripts.
"""

import io
import json
import pathlib
import subprocess
import tempfile

import numpy as np
from PIL import Image

FOLDER = pathlib.Path(__file__).parent
SMALL = 800
SAMPLINGS = {
    "444": "1x1,1x1,1x1", "422": "2x1,1x1,1x1", "420": "2x2,1x1,1x1", "440": "1x2,1x1,1x1", "411": "4x1,1x1,1x1",
    "410": "4x2,1x1,1x1", "441": "1x4,1x1,1x1", "311": "3x1,1x1,1x1", "422-of-2x2": "2x2,1x2,1x2",
    "chroma-wider": "1x1,2x1,2x1", "chroma-differs": "2x2,2x1,1x2",
}
SIZES = [(1, 1), (2, 3), (7, 5), (8, 8), (9, 17), (16, 16), (17, 16), (33, 31), (40, 27)]


def picture(width, height, channels, seed=0):
    """Waves with edges and some grain, so that neighbors differ as they do in photographs."""
    random = np.random.default_rng([seed, width, height, channels])
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for c in range(channels):
        wave = 128 + 90 * np.sin(x / (3.1 + c) + seed) * np.cos(y / (4.3 - c / 2))
        wave += 50 * ((x // 11 + y // 7 + c) % 2) - 25
        planes.append(np.clip(wave + random.normal(0, 6, wave.shape), 0, 255).astype(np.uint8))
    return np.stack(planes, axis=-1) if channels > 1 else planes[0]


def cjpeg(pixels, *options, scans=None):
    kind = b"P5" if pixels.ndim == 2 else b"P6"
    source = kind + b"\n%d %d\n255\n" % (pixels.shape[1], pixels.shape[0]) + pixels.tobytes()
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as script:
        if scans:
            script.write(scans)
            script.flush()
            options += ("-scans", script.name)
        return subprocess.run(["cjpeg", *options], input=source, capture_output=True, check=True).stdout


def pillow(image, kind="JPEG", **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return format(value, "016x")


def segments(file):
    """Start and end of each marker segment before the first scan."""
    position = 2
    while file[position + 1] != 0xDA:
        end = position + 2 + int.from_bytes(file[position + 2 : position + 4], "big")
        yield position, end
        position = end


def jpegs():
    for sampling, factors in SAMPLINGS.items():
        for width, height in SIZES if len(sampling) == 3 and sampling < "43" or sampling in ("444", "440") else []:
            yield f"{sampling}-{width}x{height}", cjpeg(picture(width, height, 3), "-quality", "85", "-sample", factors)
        yield f"{sampling}-131x53", cjpeg(picture(131, 53, 3), "-quality", "60", "-optimize", "-sample", factors)
    for width, height in SIZES + [(131, 53)]:
        yield f"gray-{width}x{height}", cjpeg(picture(width, height, 1), "-quality", "80", "-grayscale")
    for sampling in ("444", "422", "420", "440"):
        for width, height in ((33, 31), (131, 53)):
            options = ("-quality", "60", "-progressive", "-sample", SAMPLINGS[sampling])
            yield f"progressive-{sampling}-{width}x{height}", cjpeg(picture(width, height, 3), *options)
    yield "progressive-gray-33x31", cjpeg(picture(33, 31, 1), "-progressive", "-grayscale")
    for interval in ("1B", "3B", "1", "2"):
        file = cjpeg(picture(33, 31, 3), "-restart", interval, "-sample", "2x2")
        yield f"restart-{interval}-33x31", file
    yield "restart-1-131x53", cjpeg(picture(131, 53, 3), "-restart", "1", "-sample", "2x2", "-quality", "60")
    yield "arithmetic-33x31", cjpeg(picture(33, 31, 3), "-arithmetic")
    yield "arithmetic-progressive-33x31", cjpeg(picture(33, 31, 3), "-arithmetic", "-progressive")
    yield "scans-of-one-33x31", cjpeg(picture(33, 31, 3), "-sample", "2x2", scans="0;\n1;\n2;\n")
    for quality in (1, 5, 25, 50, 75, 90, 95, 100):
        image = Image.fromarray(picture(33, 31, 3, seed=quality))
        yield f"quality-{quality}-33x31", pillow(image, quality=quality)
    yield "rgb-33x31", cjpeg(picture(33, 31, 3), "-rgb", "-sample", "1x1")
    inks = pillow(Image.fromarray(picture(33, 31, 4), "CMYK"), quality=90)
    yield "cmyk-33x31", inks
    # A file without Adobe's segment; one that says YCCK; one that says what nobody knows.
    (start, end), = [(a, b) for a, b in segments(inks) if inks[a + 1] == 0xEE]
    yield "cmyk-without-adobe-33x31", inks[:start] + inks[end:]
    for transform, name in ((2, "ycck"), (7, "cmyk-unknown-transform")):
        yield f"{name}-33x31", inks[: end - 1] + bytes([transform]) + inks[end:]
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif.endian = "<" if orientation % 2 else ">"
        exif[0x10F] = "Maker"
        exif[0x112] = orientation
        yield f"orientation-{orientation}", pillow(Image.fromarray(picture(8, 5, 3)), quality=80, exif=exif)


def webps():
    for width, height in SIZES + [(131, 53)]:
        image = Image.fromarray(picture(width, height, 3))
        yield f"lossy-{width}x{height}", pillow(image, "WEBP", quality=70)
        yield f"alpha-{width}x{height}", pillow(Image.fromarray(picture(width, height, 4)), "WEBP", quality=60)
    for width, height in ((1, 1), (7, 5), (33, 31)):
        image = Image.fromarray(picture(width, height, 3))
        yield f"lossless-{width}x{height}", pillow(image, "WEBP", lossless=True)
        image = Image.fromarray(picture(width, height, 4))
        yield f"lossless-alpha-{width}x{height}", pillow(image, "WEBP", lossless=True, exact=True)
    for quality in (0, 30, 100):
        yield f"quality-{quality}-33x31", pillow(Image.fromarray(picture(33, 31, 3)), "WEBP", quality=quality)
    exif = Image.Exif()
    exif[0x112] = 6
    yield "orientation-6", pillow(Image.fromarray(picture(8, 5, 3)), "WEBP", quality=80, exif=exif)
    frames = [Image.fromarray(picture(16, 12, 3, seed)) for seed in (1, 2)]
    yield "animated", pillow(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)


def main():
    blob = bytearray()

    def keep(data):
        blob.extend(data)
        return [len(blob) - len(data), len(data)]

    def hashes(entry, modes):
        for mode, image in modes.items():
            pixels = image.tobytes()
            entry[mode] = {"hash": fnv(pixels)}
            if len(pixels) <= SMALL:
                entry[mode]["pixels"] = keep(pixels)
        return entry

    index = {"jpeg": [], "webp": []}
    for name, file in jpegs():
        image = Image.open(io.BytesIO(file))
        gray = Image.open(io.BytesIO(file))
        gray.draft("L", gray.size)
        entry = {
            "name": name, "width": image.width, "height": image.height, "components": len(image.getbands()),
            "progressive": "progressive" in image.info, "orientation": image.getexif().get(0x112, 1),
            "file": keep(file),
        }
        index["jpeg"].append(hashes(entry, {"RGB": image.convert("RGB"), "L": gray.convert("L")}))
    for name, file in webps():
        image = Image.open(io.BytesIO(file))
        entry = {
            "name": name, "width": image.width, "height": image.height,
            "orientation": image.getexif().get(0x112, 1), "file": keep(file),
        }
        modes = {"L": image.convert("RGB").convert("L"), "RGB": image.convert("RGB"), "RGBA": image.convert("RGBA")}
        index["webp"].append(hashes(entry, modes))
    (FOLDER / "photos.bin").write_bytes(blob)
    (FOLDER / "photos.json").write_text(json.dumps(index, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
    print(len(index["jpeg"]), "JPEG files,", len(index["webp"]), "WebP files,", len(blob), "bytes")


main()
