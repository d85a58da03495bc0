"""NVIDIA's DALI without a GPU: a pipeline of CPU operators in the consumer's process, on two threads."""
from collections.abc import Iterator

import numpy
from nvidia.dali import fn, types
from nvidia.dali.data_node import DataNode
from nvidia.dali.pipeline import Pipeline

from benchmarks.jobs import BATCH, CROP_AREA, CROP_ASPECT, DEVIATION, MEAN, SIDE, WORKERS
from benchmarks.peers import Request
from benchmarks.samples import list_samples


def _png256(files: DataNode) -> DataNode:
    return fn.decoders.image(files, output_type=types.RGB)


def _jpeg224(files: DataNode) -> DataNode:
    return fn.resize(fn.decoders.image(files, output_type=types.RGB), size=(SIDE, SIDE), antialias=True)


def _train224(files: DataNode) -> DataNode:
    images = fn.decoders.image_random_crop(
        files, output_type=types.RGB, random_area=CROP_AREA, random_aspect_ratio=CROP_ASPECT
    )
    images = fn.resize(images, size=(SIDE, SIDE), antialias=True)
    return fn.crop_mirror_normalize(
        images, dtype=types.FLOAT, output_layout="CHW", mean=MEAN, std=DEVIATION, mirror=fn.random.coin_flip()
    )


GRAPHS = {"png256": _png256, "jpeg224": _jpeg224, "train224": _train224}


def batches(request: Request) -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:
    """Yields as many full batches as the epochs hold; the reader begins anew at the end of the files."""
    samples = list_samples(request.files)
    paths, labels = (list(column) for column in zip(*samples))
    pipeline = Pipeline(BATCH, num_threads=WORKERS, device_id=None, seed=1, prefetch_queue_depth=2)
    with pipeline:
        files, numbers = fn.readers.file(files=paths, labels=labels)
        pipeline.set_outputs(GRAPHS[request.job.name](files), numbers)
    pipeline.build()
    for _ in range(-(-request.epochs * len(samples) // BATCH)):
        pixels, numbers = pipeline.run()
        yield pixels.as_array(), numbers.as_array().reshape(-1)
