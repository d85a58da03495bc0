"""Random crops for the loaders that bring none."""
import math
from typing import NamedTuple

import numpy

from benchmarks.jobs import CROP_AREA, CROP_ASPECT

ATTEMPTS = 10


class Window(NamedTuple):
    """A part of an image, in pixels."""

    left: int
    top: int
    width: int
    height: int


def random_window(width: int, height: int, random: numpy.random.Generator) -> Window:
    """A window of random area and aspect within an image, as torchvision's RandomResizedCrop chooses it.

    After ten windows that do not fit, the largest one in the middle whose aspect is within bounds.
    """
    for _ in range(ATTEMPTS):
        area = width * height * random.uniform(*CROP_AREA)
        aspect = math.exp(random.uniform(*map(math.log, CROP_ASPECT)))
        wide, high = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 0 < wide <= width and 0 < high <= height:
            return Window(int(random.integers(width - wide + 1)), int(random.integers(height - high + 1)), wide, high)
    narrowest, widest = CROP_ASPECT
    wide, high = min(width, round(height * widest)), min(height, round(width / narrowest))
    return Window((width - wide) // 2, (height - high) // 2, wide, high)
