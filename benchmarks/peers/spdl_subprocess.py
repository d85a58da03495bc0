"""SPDL: its pipeline in a subprocess with two threads, its FFmpeg decoders, and its pool of shared memory."""
from collections.abc import Iterator

import numpy
import spdl.io
from spdl.pipeline import PipelineBuilder, SharedMemorySegmentPool, run_pipeline_in_subprocess

from benchmarks.crops import random_window
from benchmarks.jobs import BATCH, DEVIATION, MEAN, SIDE, WORKERS
from benchmarks.peers import Request
from benchmarks.samples import Sample, list_samples

AHEAD = 3
_SCALE = numpy.float32([1 / deviation for deviation in DEVIATION])
_SHIFT = numpy.float32([-mean / deviation for mean, deviation in zip(MEAN, DEVIATION)])


class Epochs:
    """All samples, over and over."""

    def __init__(self, samples: list[Sample], epochs: int):
        self.samples = samples
        self.epochs = epochs

    def __iter__(self) -> Iterator[Sample]:
        for _ in range(self.epochs):
            yield from self.samples


class LoadBatch:
    """Decodes the files of a batch, one after the other, into one array."""

    def __init__(self, job: str):
        self.job = job

    def __call__(self, samples: list[Sample]) -> tuple[numpy.ndarray, numpy.ndarray]:
        """The batch's pixels and classes."""
        frames = [self._decode(sample.path) for sample in samples]
        pixels = spdl.io.to_numpy(spdl.io.convert_frames(frames))
        labels = numpy.array([sample.label for sample in samples])
        return (_normalised(pixels) if self.job == "train224" else pixels), labels

    def _decode(self, path: str) -> spdl.io.ImageFrames:
        packets = spdl.io.demux_image(path)
        if self.job == "png256":
            # Such files decode to rgb24, so that they need none of FFmpeg's filters.
            return spdl.io.decode_packets(packets, filter_desc=None)
        scale = f"scale={SIDE}:{SIDE}:flags=bilinear"
        if self.job == "train224":
            random = numpy.random.default_rng()
            left, top, width, height = random_window(packets.width, packets.height, random)
            flip = ",hflip" if random.random() < 0.5 else ""
            scale = f"crop={width}:{height}:{left}:{top}:exact=1,{scale}{flip}"
        return spdl.io.decode_packets(packets, filter_desc=f"{scale},format=pix_fmts=rgb24")


def _normalised(pixels: numpy.ndarray) -> numpy.ndarray:
    """Of uint8 NHWC, float32 NCHW."""
    result = numpy.empty((len(pixels), 3, SIDE, SIDE), numpy.float32)
    for channel in range(3):
        numpy.multiply(pixels[..., channel], _SCALE[channel], out=result[:, channel])
        result[:, channel] += _SHIFT[channel]
    return result


def batches(request: Request) -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:
    """Yields all batches of all epochs; a batch may hold the end of one and the begin of the next."""
    job = request.job
    config = (
        PipelineBuilder()
        .add_source(Epochs(list_samples(request.files), request.epochs))
        .aggregate(BATCH)
        .pipe(LoadBatch(job.name), concurrency=WORKERS, output_order="input")
        .add_sink(AHEAD)
        .get_config()
    )
    batch_bytes = BATCH * int(numpy.prod(job.shape)) * numpy.dtype(job.dtype).itemsize
    pool = SharedMemorySegmentPool(batch_bytes + (1 << 16), count=AHEAD + 2)
    yield from run_pipeline_in_subprocess(config, num_threads=WORKERS, arena=pool)
