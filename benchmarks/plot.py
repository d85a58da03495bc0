"""The plot of the figures."""
import pathlib

import matplotlib

from benchmarks.jobs import JOBS

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402 (after the choice of what it draws with)

HEADRACE, PEER = "#3a7d5d", "#b8b8b8"


def draw(report: dict, path: pathlib.Path) -> None:
    """Writes an SVG: for each job a bar per loader, the fastest on top, and a line from slowest to fastest round."""
    # The same figures give the same file, and text stays text.
    pyplot.rcParams.update({"svg.hashsalt": "headrace", "svg.fonttype": "none", "font.family": "sans-serif"})
    jobs = [name for name in report["settings"]["jobs"] if any(row["job"] == name for row in report["results"])]
    rows = {name: [row for row in report["results"] if row["job"] == name][::-1] for name in jobs}
    heights = [len(rows[name]) + 2 for name in jobs]
    figure, panels = pyplot.subplots(
        len(jobs), 1, squeeze=False, layout="constrained", figsize=(8, 0.4 * sum(heights)), height_ratios=heights
    )
    for name, panel in zip(jobs, panels[:, 0]):
        rates = [row["images_per_second"] for row in rows[name]]
        spread = [
            [rate - row["images_per_second_min"] for rate, row in zip(rates, rows[name])],
            [row["images_per_second_max"] - rate for rate, row in zip(rates, rows[name])],
        ]
        colors = [HEADRACE if row["loader"].startswith("headrace") else PEER for row in rows[name]]
        titles = [row["title"] for row in rows[name]]
        panel.barh(titles, rates, xerr=spread, color=colors, ecolor="#333333", height=0.7)
        for place, row in enumerate(rows[name]):
            panel.annotate(
                f"{row['images_per_second']:,.0f}", (row["images_per_second_max"], place), (6, 0),
                textcoords="offset points", verticalalignment="center",
            )  # fmt: skip
        panel.set_title(JOBS[name].title, loc="left", fontsize=10)
        panel.set_xlim(0, 1.12 * max(row["images_per_second_max"] for row in rows[name]))
        panel.spines[["top", "right"]].set_visible(False)
    panels[-1, 0].set_xlabel("images per second; lines: slowest to fastest round")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
