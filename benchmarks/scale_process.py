"""A solver in a process of its own, with a limit, and what it says about itself."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from collections.abc import Sequence
from typing import Any


def peak_mb() -> float:
    """Most memory this process has held so far, MB; from its start, not from its parent's."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def children_mb() -> float:
    """Most memory that processes it started can have held together, MB: one a core, the largest."""
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return largest * len(os.sched_getaffinity(0))


def run(command: Sequence[str], seconds: float, most_gb: float, threads: int = 1) -> dict[str, Any]:
    """The JSON of a command's last line; {'status': why} where it ended otherwise."""

    def bounded() -> None:
        most = int(most_gb * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

    env = {**os.environ, "NUMBA_NUM_THREADS": str(threads), "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, env=env, preexec_fn=bounded
        )
    except subprocess.TimeoutExpired:
        return {"status": f"not done in {seconds:.0f} s"}
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        return {"status": "out of memory" if "MemoryError" in done.stderr else said[:80]}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
