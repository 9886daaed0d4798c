"""Whole commands on Jinchang, start-up included, beside starting Python and importing the solver.

python benchmarks/commands.py [rounds]
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
CITY = str(ROOT / "examples" / "jinchang")
LIANTU = [sys.executable, "-m", "liantu"]
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import highspy, scipy, polars": [sys.executable, "-c", "import highspy, scipy.sparse, polars"],
    "liantu check": [*LIANTU, "check", CITY],
    "liantu plan": [*LIANTU, "plan", CITY],
    "liantu plan --json": [*LIANTU, "plan", CITY, "--json"],
    "liantu gaps": [*LIANTU, "gaps", CITY],
    "liantu portfolio": [*LIANTU, "portfolio", CITY],
    "liantu accounts": [*LIANTU, "accounts", CITY],
}


def measure(command: list[str], rounds: int) -> tuple[float, float]:
    """Best of `rounds`: (wall seconds, processor seconds of the children)."""
    wall, cpu = [], []
    for _ in range(rounds):
        before, start = os.times(), time.perf_counter()
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = os.times()
        wall.append(time.perf_counter() - start)
        cpu.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    return min(wall), min(cpu)


def main(rounds: int) -> None:
    print(f"best of {rounds}; the last column is processor time beside the bare imports")
    print(f"{'command':32} {'wall_s':>8} {'cpu_s':>8} {'x imports':>10}")
    imports = 0.0
    for name, command in COMMANDS.items():
        wall, cpu = measure(command, rounds)
        imports = cpu if name.startswith("import") else imports
        ratio = f"{cpu / imports:10.1f}" if imports else ""
        print(f"{name:32} {wall:8.2f} {cpu:8.2f} {ratio}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
