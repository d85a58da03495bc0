"""What each loader is asked to do: three jobs, the same for all."""
import dataclasses

BATCH = 64
WORKERS = 2

# Side of the images that the jobs with a resize deliver.
SIDE = 224

# ImageNet's channel means and standard deviations, for pixels from 0 to 255.
MEAN = (123.675, 116.28, 103.53)
DEVIATION = (58.395, 57.12, 57.375)

# Random crops as in Inception: share of the area, and width by height.
CROP_AREA = (0.08, 1.0)
CROP_ASPECT = (3 / 4, 4 / 3)


@dataclasses.dataclass(frozen=True)
class Job:
    """One job: which files become what."""

    name: str
    title: str
    data_set: str
    """Folder of the files, under the data folder's `files` and `shards`."""
    shape: tuple[int, int, int]
    """Of one delivered image."""
    dtype: str


JOBS = {
    job.name: job
    for job in (
        Job("png256", "PNG 256x256, decoded to uint8 HWC", "png256", (256, 256, 3), "uint8"),
        Job(
            "jpeg224",
            "JPEG 500x375, resized to 224x224 with antialiasing, uint8 HWC",
            "jpeg500",
            (SIDE, SIDE, 3),
            "uint8",
        ),
        Job(
            "train224",
            "JPEG 500x375, random resized crop to 224x224, random flip, normalised, float32 CHW",
            "jpeg500",
            (3, SIDE, SIDE),
            "float32",
        ),
    )
}
