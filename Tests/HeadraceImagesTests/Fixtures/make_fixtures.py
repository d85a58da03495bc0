"""Writes the PNG corpus of HeadraceImagesTests and the pixels that Pillow 13 makes of it.

    python3 make_fixtures.py        (needs Pillow 13 and NumPy; the same zlib gives the same bytes on every run)

corpus.bin   all PNG files and expected pixels, end to end
index.json   where they are:
  png     name, size, bit depth, color type, the file, and per mode (L, RGB, RGBA) the expected pixels
  resize  name, mode, interpolation, source size and pixels, target size and pixels
  box     the same of a part of the source, the box, in pixels of an image of which the source is so many eighths

PNGs are written here, not by Pillow, so that every color type, bit depth, filter, chunk layout and tRNS can be made.
Expected pixels are Pillow's, but for the alpha of cases with `alpha`: there Pillow departs from the specification, for
instance by comparing the transparent color with samples of another depth, and the expected alpha is computed here.
docs/design/0005-png.md tells which cases these are.
"""

import io
import json
import math
import pathlib
import random
import struct
import warnings
import zlib

import numpy as np
from PIL import Image

FOLDER = pathlib.Path(__file__).parent
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(row, depth):
    """The bytes of one row of pixels, each a tuple of samples."""
    values = [value for pixel in row for value in pixel]
    if depth == 16:
        return b"".join(struct.pack(">H", value) for value in values)
    bits = "".join(format(value, f"0{depth}b") for value in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(row, above, distance, kind):
    """One row as filter `kind` stores it: https://www.w3.org/TR/png-3/#9Filters"""
    out = bytearray([kind])
    for i, x in enumerate(row):
        a = row[i - distance] if i >= distance else 0
        b = above[i]
        c = above[i - distance] if i >= distance else 0
        predicted = (0, a, b, (a + b) // 2, paeth(a, b, c))[kind]
        out.append((x - predicted) & 255)
    return bytes(out)


def scanlines(rows, depth, samples, filters):
    distance = max(1, samples * depth // 8)
    above, out = None, b""
    for y, row in enumerate(rows):
        line = packed(row, depth)
        out += filtered(line, above or bytes(len(line)), distance, filters[y % len(filters)])
        above = line
    return out


def make_png(pixels, depth, color, interlaced=False, palette=None, trns=None, filters=(0, 1, 2, 3, 4),
             idat=None, before=b"", after=b"", level=9):
    """A file of `pixels`, rows of tuples of samples; `idat` is the size of the IDAT chunks."""
    height, width = len(pixels), len(pixels[0])
    if interlaced:
        data = b""
        for x0, y0, dx, dy in ADAM7:
            rows = [row[x0::dx] for row in pixels[y0::dy]]
            if rows and rows[0]:
                data += scanlines(rows, depth, SAMPLES[color], filters)
    else:
        data = scanlines(pixels, depth, SAMPLES[color], filters)
    data = zlib.compress(data, level)
    idat = idat or len(data)
    out = b"\x89PNG\r\n\x1a\n"
    out += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced)))
    out += before
    if palette is not None:
        out += chunk(b"PLTE", palette)
    if trns is not None:
        out += chunk(b"tRNS", trns)
    for i in range(0, len(data), idat):
        out += chunk(b"IDAT", data[i : i + idat])
    return out + after + chunk(b"IEND", b"")


def picture(rng, width, height, depth, color, colors):
    """Gradients with noise, so that filters and all sample values occur; some pixels repeat the first."""
    top = (1 << depth) - 1
    rows = []
    for y in range(height):
        row = []
        for x in range(width):
            if color == 3:
                row.append((rng.randrange(colors),))
            elif rng.random() < 0.25 and rows:
                row.append(rows[0][0])
            elif color == 0 and depth == 16 and rng.random() < 0.5:
                row.append((rng.randrange(300),))  # around 255, where gray of 16 bits saturates
            else:
                base = (x * 5 + y * 3) * top // max(1, 5 * width + 3 * height)
                row.append(tuple((base + rng.randrange(top // 3 + 2)) & top for _ in range(SAMPLES[color])))
        rows.append(row)
    return rows


class Corpus:
    def __init__(self):
        self.data = bytearray()
        self.index = {"png": [], "resize": [], "box": []}

    def put(self, data):
        """Where `data` is; bytes that are there already are shared."""
        data = bytes(data)
        at = self.data.find(data)
        if at < 0:
            at = len(self.data)
            self.data += data
        return [at, len(data)]

    def add_png(self, name, file, alpha=None):
        entry = {"name": name, "file": self.put(file)}
        entry["width"], entry["height"], entry["depth"], entry["color"] = struct.unpack_from(">IIBB", file, 16)
        entry["interlaced"] = bool(file[28])
        for mode in ("L", "RGB", "RGBA"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                expected = np.array(Image.open(io.BytesIO(file)).convert(mode))
            if mode == "RGBA" and alpha is not None:
                expected[..., 3] = alpha
            entry[mode] = self.put(expected.tobytes())
        self.index["png"].append(entry)

    def add_resize(self, name, image, size, interpolation="bilinear", kind="resize", cut=None, **box):
        source, area = image, None
        if cut:  # the pixels that are touched are cut out first, so that those outside do not count
            source, area = image.crop(cut[0]), cut[1]
        result = source.resize(size, Image.Resampling[interpolation.upper()], area)
        self.index[kind].append({
            **box, "name": name, "mode": image.mode, "interpolation": interpolation, "sourceWidth": image.width, "sourceHeight": image.height,
            "source": self.put(image.tobytes()), "width": size[0], "height": size[1],
            "target": self.put(result.tobytes())})


def key_of(pixels, color):
    return b"".join(struct.pack(">H", value) for value in pixels[0][0])


def spec_alpha(pixels):
    """0 where a pixel is the transparent color, the first pixel, at the depth of the file."""
    return np.array([[0 if p == pixels[0][0] else 255 for p in row] for row in pixels], np.uint8)


def add_kinds(corpus, rng):
    """Every color type, bit depth, interlacing and tRNS, at three sizes."""
    for color, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (False, True):
                for transparent in (False, True) if color in (0, 2, 3) else (False,):
                    for width, height in ((1, 1), (7, 5), (21, 9)):
                        colors = 1 << depth
                        pixels = picture(rng, width, height, depth, color, colors)
                        palette = rng.randbytes(3 * colors) if color == 3 else None
                        trns, alpha = None, None
                        if transparent and color == 3:
                            trns = rng.randbytes(max(1, colors * 3 // 4))
                        elif transparent:
                            trns = key_of(pixels, color)
                            if depth not in (1, 8):
                                alpha = spec_alpha(pixels)
                        name = f"color{color}-depth{depth}-{width}x{height}"
                        name += "-interlaced" * interlaced + "-transparent" * transparent
                        file = make_png(pixels, depth, color, interlaced, palette, trns)
                        corpus.add_png(name, file, alpha)


def add_layouts(corpus, rng):
    """Filters one by one, IDAT chunks of one byte, all small interlaced sizes, short palettes, other chunks."""
    for kind in range(5):
        pixels = picture(rng, 13, 6, 8, 2, 0)
        corpus.add_png(f"filter{kind}", make_png(pixels, 8, 2, filters=(kind,)))
    for size in (1, 2, 7, 100):
        pixels = picture(rng, 9, 8, 8, 2, 0)
        corpus.add_png(f"idat-of-{size}", make_png(pixels, 8, 2, idat=size))
        corpus.add_png(f"idat-of-{size}-interlaced", make_png(pixels, 8, 2, True, idat=size))
    for width in range(1, 10):
        for height in range(1, 10):
            pixels = picture(rng, width, height, 1, 0, 0)
            corpus.add_png(f"bits-{width}x{height}-interlaced", make_png(pixels, 1, 0, True))
    for depth in (2, 4, 8):
        pixels = picture(rng, 9, 4, depth, 3, 1 << depth)
        palette = rng.randbytes(3 * 3)
        corpus.add_png(f"palette-of-3-depth{depth}", make_png(pixels, depth, 3, palette=palette))
        corpus.add_png(
            f"palette-of-3-depth{depth}-transparent", make_png(pixels, depth, 3, palette=palette, trns=b"\x07\x90"))
    one_clear = make_png(picture(rng, 9, 4, 4, 3, 16), 4, 3, palette=rng.randbytes(48), trns=b"\xff\xff\0\xff")
    corpus.add_png("palette-one-clear-entry", one_clear)

    # Pillow takes this tRNS for one clear entry, by a pattern that overlooks a last byte of 10.
    pixels = picture(rng, 9, 4, 2, 3, 4)
    alpha = np.array([[(255, 0, 10, 255)[index] for (index,) in row] for row in pixels], np.uint8)
    newline = make_png(pixels, 2, 3, palette=rng.randbytes(12), trns=b"\xff\0\x0a")
    corpus.add_png("palette-alpha-of-10-last", newline, alpha)

    pixels = picture(rng, 8, 8, 8, 2, 0)
    bomb = zlib.compress(bytes(1 << 22), 9)
    profile = chunk(b"iCCP", b"bomb\0\0" + bomb)
    text = chunk(b"zTXt", b"bomb\0\0" + bomb) + chunk(b"iTXt", b"bomb\0\1\0\0\0" + bomb)
    # Pillow refuses the bombs, which are none of this library's business: the pixels are those of the plain file.
    plain = make_png(pixels, 8, 2)
    corpus.add_png("plain", plain)
    corpus.index["png"].append({
        **corpus.index["png"][-1], "name": "bombs",
        "file": corpus.put(make_png(pixels, 8, 2, before=profile + text, after=text))})
    gamma = chunk(b"gAMA", struct.pack(">I", 20000)) + chunk(b"sRGB", b"\0") + chunk(b"sBIT", b"\4\4\4")
    corpus.add_png("gamma", make_png(pixels, 8, 2, before=gamma))
    corpus.add_png("unknown-chunks", make_png(pixels, 8, 2, before=chunk(b"vpAg", b"12"), after=chunk(b"teSt", b"")))
    corpus.add_png("suggested-palette", make_png(pixels, 8, 2, palette=rng.randbytes(30)))
    corpus.add_png("bytes-after-the-end", plain + b"more")
    corpus.add_png("stored", make_png(pixels, 8, 2, level=0))


def add_resizes(corpus, rng):
    """Up and down, both and either way, from and to single pixels.

    From 24x31, Pillow 13 resizes columns first to 20x22 but not to 20x23.
    """
    sources = ((1, 1), (7, 5), (33, 9), (24, 31))
    targets = ((1, 1), (3, 2), (7, 5), (13, 17), (40, 3), (2, 31), (33, 9), (20, 23), (20, 22))
    for mode, bands in (("L", 1), ("RGB", 3), ("RGBA", 4)):
        for width, height in sources:
            pixels = rng.randbytes(width * height * bands)
            if mode == "RGBA":  # clear and opaque pixels too
                pixels = b"".join(
                    pixels[i : i + 3] + rng.choice((b"\0", b"\xff", pixels[i + 3 : i + 4]))
                    for i in range(0, len(pixels), 4))
            image = Image.frombytes(mode, (width, height), pixels)
            for target in targets:
                corpus.add_resize(f"{mode}-{width}x{height}-to-{target[0]}x{target[1]}", image, target)
    bright = Image.new("RGB", (50, 50), (255, 255, 255))
    corpus.add_resize("white-stays-white", bright, (17, 23))
    corpus.add_resize("wide-to-narrow", Image.frombytes("L", (5000, 1), rng.randbytes(5000)), (3, 1))


def add_interpolations(corpus, rng):
    """Cubic, and the nearest pixel: up, down and either way, with colors so far apart that cubic sums overshoot."""
    for interpolation in ("bicubic", "nearest"):
        for mode, bands in (("L", 1), ("RGB", 3), ("RGBA", 4)):
            for width, height in ((1, 1), (5, 3), (19, 23)):
                data = bytes(rng.choice((0, 40, 200, 255)) for _ in range(width * height * bands))
                image = Image.frombytes(mode, (width, height), data)
                for target in ((1, 1), (4, 7), (11, 5), (30, 29)):
                    name = f"{interpolation}-{mode}-{width}x{height}-to-{target[0]}x{target[1]}"
                    corpus.add_resize(name, image, target, interpolation)


def add_boxes(corpus, rng):
    """Boxes whose edges lie within pixels, as those of a crop do in an image that is decoded smaller."""
    for interpolation in ("bilinear", "bicubic"):
        for mode, bands in (("L", 1), ("RGB", 3), ("RGBA", 4)):
            for eighths in (1, 2, 4):
                width, height = rng.randrange(60, 120), rng.randrange(60, 120)
                size = ((width * eighths + 7) // 8, (height * eighths + 7) // 8)
                image = Image.frombytes(mode, size, rng.randbytes(size[0] * size[1] * bands))
                for target in ((3, 4), (12, 5), (5, 30), (31, 33)):
                    x, y = rng.randrange(width - 20), rng.randrange(height - 20)
                    right, bottom = rng.randrange(x + 10, width + 1), rng.randrange(y + 10, height + 1)
                    edges = [edge * eighths / 8 for edge in (x, y, right, bottom)]
                    outer = (int(edges[0]), int(edges[1]), math.ceil(edges[2]), math.ceil(edges[3]))
                    area = [edge - outer[i % 2] for i, edge in enumerate(edges)]
                    name = f"{interpolation}-{mode}-{eighths}-eighths-to-{target[0]}x{target[1]}-{x}-{y}"
                    corpus.add_resize(
                        name, image, target, interpolation, "box", (outer, area), eighths=eighths, fullWidth=width,
                        fullHeight=height, box=[x, y, right - x, bottom - y])


def main():
    corpus = Corpus()
    add_kinds(corpus, random.Random(1))
    add_layouts(corpus, random.Random(2))
    add_resizes(corpus, random.Random(3))
    add_interpolations(corpus, random.Random(4))
    add_boxes(corpus, random.Random(5))
    (FOLDER / "corpus.bin").write_bytes(corpus.data)
    entries = ",\n".join(
        f'"{kind}": [\n' + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases) + "\n]"
        for kind, cases in corpus.index.items())
    (FOLDER / "index.json").write_text("{\n" + entries + "\n}\n")
    print({kind: len(cases) for kind, cases in corpus.index.items()}, len(corpus.data), "bytes")


if __name__ == "__main__":
    main()
