"""The comparison from begin to end: images, measurements, and what is written of them."""
import argparse
import datetime
import json
import pathlib
import shlex
import sys

from benchmarks import data, machine, plot, report, summary
from benchmarks.jobs import BATCH, JOBS, WORKERS
from benchmarks.peers import LOADERS, Request, headrace
from benchmarks.rounds import Plan


def main() -> None:
    """Measures and writes; exit status 1 where nothing could be measured."""
    options = _options()
    sizes = data.prepare(options.data)
    plan = Plan(
        options.data, options.headrace, options.loaders, options.jobs, options.rounds, options.epochs, options.timeout
    )
    state = machine.describe()
    series = plan.measure()
    rows = summary.rows(series)
    if not rows:
        sys.exit("benchmarks/run: nothing could be measured; the lines above say why")
    result = {
        "date": datetime.date.today().isoformat(),
        "machine": state,
        "versions": machine.versions(options.loaders, options.headrace),
        "settings": {
            "batch": BATCH,
            "workers": WORKERS,
            "rounds": options.rounds,
            "epochs": options.epochs,
            "jobs": options.jobs,
        },
        "data": sizes,
        "commands": _commands(options),
        "results": rows,
        "best_peers": summary.best_peers(rows),
        "failures": summary.failures(series),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=2) + "\n")
    page, image = options.out.with_suffix(".md"), options.out.parent / "images" / f"{options.out.stem}.svg"
    plot.draw(result, image)
    page.write_text(report.markdown(result, f"images/{image.name}"))
    print(f"benchmarks: wrote {options.out}, {page} and {image}", file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run", description="Compares Headrace with its peers.")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder for the images; made if need be")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="JSON file; a page and a plot go beside it")
    parser.add_argument("--headrace", type=pathlib.Path, help="the program headrace; without it peers alone")
    parser.add_argument(
        "--loaders", nargs="+", choices=LOADERS, default=list(LOADERS), metavar="LOADER", help=" ".join(LOADERS)
    )
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=list(JOBS), metavar="JOB", help=" ".join(JOBS))
    parser.add_argument("--rounds", type=_count, default=3, help="rounds that count, beside the first (3)")
    parser.add_argument("--epochs", type=_count, default=3, help="passes over the files in each round (3)")
    parser.add_argument("--timeout", type=float, default=300, help="seconds that a measurement may take (300)")
    options = parser.parse_args()
    if options.headrace and not options.headrace.is_file():
        parser.error(f"--headrace {options.headrace}: no such file; `make build` makes .build/release/headrace")
    if not options.headrace:
        options.loaders = [loader for loader in options.loaders if not loader.startswith(summary.BASE)]
    return options


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _commands(options: argparse.Namespace) -> list[str]:
    """What to type to do it again, and what Headrace's own program is called with, with short names of files."""
    again = f"benchmarks/run --data DIR --out {options.out.name} --rounds {options.rounds} --epochs {options.epochs}"
    if not options.headrace:
        return [again]
    folder, program = pathlib.Path("DIR"), pathlib.Path("headrace")
    requests = [Request(JOBS[job], folder, options.epochs, program) for job in options.jobs]
    own = [shlex.join(headrace.command(request, [request.files])) for request in requests]
    return [f"{again} --headrace .build/release/headrace", *own]


if __name__ == "__main__":
    main()
