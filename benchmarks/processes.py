"""CPU time and memory of a process and all that it has started."""
import contextlib
import ctypes
import os
import pathlib
from collections.abc import Iterator

import psutil

_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Makes this process the parent of grandchildren whose own parent ends, so that their CPU time is found (Linux)."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap() -> None:
    """Waits for all children, the adopted ones included, whose CPU time then counts as that of children."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def cpu_seconds() -> float:
    """CPU time of this process, of those below it, and of those below them that ended and were waited for."""
    return sum(sum(process.cpu_times()[:4]) for process in _tree(os.getpid()))


def pss_bytes(process_id: int) -> int:
    """Memory of a process and those below it: of a page that n processes share, each has one part in n."""
    return sum(_own_pss_bytes(process.pid) for process in _tree(process_id))


def _own_pss_bytes(process_id: int) -> int:
    try:
        text = pathlib.Path(f"/proc/{process_id}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # It has ended meanwhile.
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


def _tree(process_id: int) -> Iterator[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(process_id)
        yield process
        yield from process.children(recursive=True)
