"""The page that shows the figures."""
from benchmarks.jobs import BATCH, JOBS, WORKERS

HEAD = "| loader | images/s | of all rounds | Headrace is | CPU per image | first batch | memory | of it the loader's |"
RULE = "|---|---:|---:|---:|---:|---:|---:|---:|"


def markdown(report: dict, image: str) -> str:
    """The page of a report, with a link to the plot at `image`."""
    machine, settings = report["machine"], report["settings"]
    versions = ", ".join(f"{package} {version}" for package, version in sorted(report["versions"].items()))
    lines = [
        "# Headrace and its peers",
        "",
        "Written by `benchmarks/run`; [its page](../benchmarks/README.md) says what is measured, and how.",
        "",
        f"- {report['date']}: {machine['cpu']}, {machine['cores']} processors,"
        f" {machine['memory_bytes'] / 2**30:.0f} GiB, Linux {machine['kernel']},"
        f" load average {machine['load_average']} before the first round.",
        f"- Python {machine['python']}; {versions}.",
        f"- {settings['rounds']} interleaved rounds, passes over the files in each: {settings['epochs']};"
        f" batches of {BATCH}, {WORKERS} workers or threads on"
        f" {WORKERS} processors, files in the page cache. Figures are medians.",
        "",
        f"![Images per second of each loader at each job]({image})",
    ]
    for name in settings["jobs"]:
        lines += ["", f"## {JOBS[name].title}", "", *_job(report, name)]
    lines += ["", "## Commands", "", "```", *report["commands"], "```"]
    return "\n".join(lines) + "\n"


def _job(report: dict, name: str) -> list[str]:
    size = report["data"][JOBS[name].data_set]
    lines = [f"{size['files']:,} files of {size['bytes'] / size['files'] / 1000:.0f} kB."]
    rows = [row for row in report["results"] if row["job"] == name]
    if rows:
        lines += ["", HEAD, RULE, *map(_row, rows)]
    best = next((best for best in report["best_peers"] if best["job"] == name), None)
    if best and best["headrace_ratio"]:
        title = next(row["title"] for row in rows if row["loader"] == best["loader"])
        lines += ["", f"Headrace is {best['headrace_ratio']:.2f} times as fast as the fastest peer, {title}."]
    missing = [
        f"- {failure['loader']} is left out: {failure['reason']}"
        for failure in report["failures"]
        if failure["job"] == name
    ]
    return lines + ([""] + missing if missing else [])


def _row(row: dict) -> str:
    ratio = f"{row['headrace_ratio']:.2f}x" if row["headrace_ratio"] else "-"
    return (
        f"| {row['title']} | {row['images_per_second']:,.0f}"
        f" | {row['images_per_second_min']:,.0f} to {row['images_per_second_max']:,.0f} | {ratio}"
        f" | {row['cpu_ms_per_image']:.2f} ms | {row['first_batch_seconds']:.2f} s"
        f" | {row['peak_memory_bytes'] / 2**20:,.0f} MiB | {row['added_memory_bytes'] / 2**20:,.0f} MiB |"
    )
