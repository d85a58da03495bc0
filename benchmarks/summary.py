"""From measurements to figures: medians, spreads, ratios."""
import statistics

from benchmarks.peers import LOADERS
from benchmarks.rounds import Series

BASE = "headrace"


def rows(series: list[Series]) -> list[dict[str, object]]:
    """One row for each loader and job that was measured, fastest first within a job; ratios say how many times as
    fast Headrace is, and are null where it was not measured."""
    found = [_row(one) for one in series if one.failure is None]
    for row in found:
        base = next((other for other in found if other["job"] == row["job"] and other["loader"] == BASE), None)
        row["headrace_ratio"] = base["images_per_second"] / row["images_per_second"] if base else None
    places = {one.job: place for place, one in enumerate(series)}
    return sorted(found, key=lambda row: (places[row["job"]], -row["images_per_second"]))


def best_peers(found: list[dict[str, object]]) -> list[dict[str, object]]:
    """For each job the fastest loader that is not Headrace, and Headrace's ratio to it."""
    best = {}
    for row in found:
        if not row["loader"].startswith(BASE):
            best.setdefault(row["job"], row)
    return [
        {"job": job, "loader": row["loader"], "headrace_ratio": row["headrace_ratio"]} for job, row in best.items()
    ]


def failures(series: list[Series]) -> list[dict[str, str]]:
    """What was left out, and why."""
    return [{"job": one.job, "loader": one.loader, "reason": one.failure} for one in series if one.failure is not None]


def _row(series: Series) -> dict[str, object]:
    def values(key: str) -> list[float]:
        return [measurement[key] for measurement in series.rounds]

    rates = values("images_per_second")
    cpu = [1000 * seconds / images for seconds, images in zip(values("cpu_seconds"), values("images"))]
    return {
        "job": series.job,
        "loader": series.loader,
        "title": LOADERS[series.loader].title,
        "images_per_second": statistics.median(rates),
        "images_per_second_min": min(rates),
        "images_per_second_max": max(rates),
        "first_batch_seconds": statistics.median(values("first_batch_seconds")),
        "cpu_ms_per_image": statistics.median(cpu),
        "peak_memory_bytes": series.peak_memory_bytes,
        "added_memory_bytes": series.added_memory_bytes,
        "rounds": series.rounds,
    }
