"""PyTorch's DataLoader with two workers that live through all epochs; torchvision's transforms."""
from collections.abc import Iterator

import numpy
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision.io import ImageReadMode, decode_image
from torchvision.transforms import v2

from benchmarks.jobs import BATCH, CROP_AREA, CROP_ASPECT, DEVIATION, MEAN, SIDE, WORKERS
from benchmarks.peers import Request
from benchmarks.samples import Sample, list_samples

TRANSFORMS = {
    "png256": v2.Identity(),
    "jpeg224": v2.Resize((SIDE, SIDE), antialias=True),
    "train224": v2.Compose(
        [
            v2.RandomResizedCrop(SIDE, CROP_AREA, CROP_ASPECT, antialias=True),
            v2.RandomHorizontalFlip(0.5),
            v2.ToDtype(torch.float32),
            v2.Normalize(MEAN, DEVIATION, inplace=True),
        ]
    ),
}


class Images(Dataset):
    """One image and its class by index."""

    def __init__(self, samples: list[Sample], transform: torch.nn.Module, height_first: bool):
        self.samples = samples
        self.transform = transform
        self.height_first = height_first

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        sample = self.samples[index]
        image = self.transform(decode_image(sample.path, ImageReadMode.RGB))
        return image.permute(1, 2, 0) if self.height_first else image, sample.label


def batches(request: Request) -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:
    """Yields all batches of all epochs."""
    job = request.job
    images = Images(list_samples(request.files), TRANSFORMS[job.name], height_first=job.shape[-1] == 3)
    loader = DataLoader(images, BATCH, num_workers=WORKERS, persistent_workers=True, prefetch_factor=2)
    for _ in range(request.epochs):
        for pixels, labels in loader:
            yield pixels.numpy(), labels.numpy()
