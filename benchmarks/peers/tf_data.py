"""tf.data: everything in the consumer's process, on a pool of two threads, as its autotuner sees fit."""
from collections.abc import Iterator

import numpy
import tensorflow as tf

from benchmarks.jobs import BATCH, CROP_AREA, CROP_ASPECT, DEVIATION, MEAN, SIDE, WORKERS
from benchmarks.peers import Request
from benchmarks.samples import list_samples

_SCALE = tf.constant([1 / deviation for deviation in DEVIATION])
_SHIFT = tf.constant([-mean / deviation for mean, deviation in zip(MEAN, DEVIATION)])


def _png256(path: tf.Tensor) -> tf.Tensor:
    image = tf.image.decode_png(tf.io.read_file(path), channels=3)
    return tf.ensure_shape(image, (256, 256, 3))


def _jpeg224(path: tf.Tensor) -> tf.Tensor:
    image = tf.image.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, (SIDE, SIDE), antialias=True)
    return tf.cast(image + 0.5, tf.uint8)


def _train224(path: tf.Tensor) -> tf.Tensor:
    contents = tf.io.read_file(path)
    begin, size, _ = tf.image.sample_distorted_bounding_box(
        tf.image.extract_jpeg_shape(contents),
        tf.zeros((1, 0, 4)),
        area_range=CROP_AREA,
        aspect_ratio_range=CROP_ASPECT,
        max_attempts=10,
        use_image_if_no_bounding_boxes=True,
    )
    window = tf.stack([begin[0], begin[1], size[0], size[1]])
    image = tf.image.decode_and_crop_jpeg(contents, window, channels=3)
    image = tf.image.resize(image, (SIDE, SIDE), antialias=True)
    image = tf.image.random_flip_left_right(image)
    return tf.transpose(image * _SCALE + _SHIFT, (2, 0, 1))


FUNCTIONS = {"png256": _png256, "jpeg224": _jpeg224, "train224": _train224}


def batches(request: Request) -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:
    """Yields all batches of all epochs; a batch may hold the end of one and the begin of the next."""
    function = FUNCTIONS[request.job.name]
    paths, labels = zip(*list_samples(request.files))
    dataset = tf.data.Dataset.from_tensor_slices((list(paths), list(labels)))
    dataset = dataset.repeat(request.epochs)
    dataset = dataset.map(lambda path, label: (function(path), label), num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.batch(BATCH).prefetch(tf.data.AUTOTUNE)
    options = tf.data.Options()
    options.threading.private_threadpool_size = WORKERS
    options.threading.max_intra_op_parallelism = 1
    options.autotune.cpu_budget = WORKERS
    for pixels, numbers in dataset.with_options(options).as_numpy_iterator():
        yield pixels, numbers
