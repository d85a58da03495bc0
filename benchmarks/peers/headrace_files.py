"""Headrace reading class folders."""
from benchmarks.peers import Measurement, Request, headrace


def run(request: Request) -> Measurement:
    """Measures `headrace run` on the job's files."""
    return headrace.run(request, [request.files])
