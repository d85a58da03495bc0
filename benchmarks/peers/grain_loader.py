"""Grain with two worker processes, each with one thread; it brings no decoder, so OpenCV's are used."""
from collections.abc import Iterator

import cv2
import grain
import numpy

from benchmarks.crops import random_window
from benchmarks.jobs import BATCH, DEVIATION, MEAN, SIDE, WORKERS
from benchmarks.peers import Request
from benchmarks.samples import Sample, list_samples

_SCALE = numpy.float32([1 / deviation for deviation in DEVIATION])
_SHIFT = numpy.float32([-mean / deviation for mean, deviation in zip(MEAN, DEVIATION)])


def _png256(path: str, random: numpy.random.Generator) -> numpy.ndarray:
    return cv2.imread(path, cv2.IMREAD_COLOR_RGB)


def _jpeg224(path: str, random: numpy.random.Generator) -> numpy.ndarray:
    return cv2.resize(cv2.imread(path, cv2.IMREAD_COLOR_RGB), (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def _train224(path: str, random: numpy.random.Generator) -> numpy.ndarray:
    image = cv2.imread(path, cv2.IMREAD_COLOR_RGB)
    left, top, width, height = random_window(image.shape[1], image.shape[0], random)
    # By area where it gets smaller, which is antialiased; bilinear where it gets larger.
    smaller = width > SIDE and height > SIDE
    window = image[top : top + height, left : left + width]
    image = cv2.resize(window, (SIDE, SIDE), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    if random.random() < 0.5:
        image = cv2.flip(image, 1)
    pixels = numpy.empty((3, SIDE, SIDE), numpy.float32)
    for channel in range(3):
        numpy.multiply(image[..., channel], _SCALE[channel], out=pixels[channel])
        pixels[channel] += _SHIFT[channel]
    return pixels


FUNCTIONS = {"png256": _png256, "jpeg224": _jpeg224, "train224": _train224}


class Load(grain.transforms.RandomMap):
    """Reads and decodes a sample's file."""

    def __init__(self, job: str):
        self.job = job

    def random_map(self, sample: Sample, random: numpy.random.Generator) -> tuple[numpy.ndarray, int]:
        """The sample's pixels and class."""
        cv2.setNumThreads(0)
        return FUNCTIONS[self.job](sample.path, random), sample.label


def batches(request: Request) -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:
    """Yields all batches of all epochs; a batch may hold the end of one and the begin of the next."""
    dataset = grain.MapDataset.source(list_samples(request.files)).seed(1).repeat(request.epochs)
    # Batches before processes: so each is made by one worker, of files that follow each other.
    dataset = dataset.random_map(Load(request.job.name)).batch(BATCH)
    dataset = dataset.to_iter_dataset(grain.ReadOptions(num_threads=1, prefetch_buffer_size=1))
    dataset = dataset.mp_prefetch(grain.MultiprocessingOptions(num_workers=WORKERS, per_worker_buffer_size=2))
    yield from dataset
