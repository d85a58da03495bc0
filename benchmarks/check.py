"""Makes sure that a loader delivers what its job says."""
import numpy
from PIL import Image

from benchmarks.jobs import BATCH, SIDE, Job
from benchmarks.peers import Request
from benchmarks.samples import list_samples

# Mean difference per pixel to Pillow's antialiased resize that is still the same picture. Without antialiasing it is
# above 5.
TOLERANCE = 2.0


def check_batch(job: Job, pixels: numpy.ndarray, labels: numpy.ndarray) -> None:
    """Raises ValueError for another shape or type of the first batch."""
    if pixels.shape != (BATCH, *job.shape) or pixels.dtype != job.dtype or labels.shape != (BATCH,):
        raise ValueError(
            f"delivered {pixels.dtype} {pixels.shape} with labels {labels.shape}, where {job.name} is"
            f" {job.dtype} {(BATCH, *job.shape)} with labels ({BATCH},)"
        )


def check_pixels(request: Request, pixels: numpy.ndarray, labels: numpy.ndarray) -> None:
    """Raises ValueError where the first batch is not that of the first files, or holds other pixels than Pillow's.

    Of random crops it says only whether their values are those of normalised photographs.
    """
    job = request.job
    samples = list_samples(request.files)[:BATCH]
    if labels.tolist() != [sample.label for sample in samples]:
        raise ValueError(f"labels of the first batch are {labels.tolist()}, which are not those of the first files")
    if job.name == "train224":
        mean, deviation = float(pixels.mean()), float(pixels.std())
        if not (abs(mean) < 1.5 and 0.5 < deviation < 2):
            raise ValueError(f"mean {mean:.2f} and deviation {deviation:.2f} are not those of normalised photographs")
        return
    for sample, row in zip(samples, pixels):
        with Image.open(sample.path) as image:
            if job.name == "jpeg224":
                image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
            difference = float(numpy.abs(numpy.asarray(image, numpy.int16) - row).mean())
        if difference > (TOLERANCE if job.name == "jpeg224" else 0):
            raise ValueError(f"{sample.path} differs from Pillow's pixels by {difference:.2f} on average")
