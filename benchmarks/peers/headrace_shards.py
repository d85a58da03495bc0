"""Headrace reading tar shards."""
from benchmarks.peers import Measurement, Request, headrace


def run(request: Request) -> Measurement:
    """Measures `headrace run` on the job's shards."""
    return headrace.run(request, request.shards)
