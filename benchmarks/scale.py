"""liantu beside its peers from 1,000 plants up: time, memory, objective, proof. Writes benchmarks/results.md.

python benchmarks/scale.py [--large] [--million] [--sizes 1000,10000] [--variants loose,tight,energy]
                           [--peers a,b] [--peers-to PLANTS] [--limit SECONDS] [--memory GB]

By default 1,000, 10,000 and 50,000 plants; --large adds 100,000 and 200,000, --million a million (liantu
alone). Every solver has a process and, in it, one thread; they run one after the other. From 25,000 plants
liantu is measured with all cores too, as `liantu plan` uses them, and from 200,000 only so. The peers'
environment is made by `make bench-peers` (or $LIANTU_PEERS names its Python); without it liantu is measured
alone.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from scale_peers import OPTIONS, PEERS
from scale_process import run

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.md"
PYTHON = os.environ.get("LIANTU_PEERS", "/tmp/liantu-peers/bin/python")
LISTED = 100_000  # plants; above, all pairs together are more than the peers' memory is for
OURS = "liantu"
CREW, CREW_ALONE = 25_000, 200_000  # plants from which liantu takes all cores too; from which only so
SECONDS = {200_000: 300.0, 1_000_000: 1200.0}  # after which liantu begins no further step
HEAD = "| solver | build s | solve s | total s | x liantu | peak MB | objective CNY/y | gap | residual |"

Row = dict[str, Any]


def main() -> None:
    asked = arguments()
    sizes = [int(n) for n in asked.sizes.split(",")]
    sizes += [100_000, 200_000] * asked.large + [1_000_000] * asked.million
    peers = [p for p in asked.peers.split(",") if p] if Path(PYTHON).exists() else []
    if not peers:
        print("no peers: make bench-peers", file=sys.stderr)
    totals = {}
    put("scale", list(introduction(asked)))
    for size in sizes:
        for variant in asked.variants.split(","):
            rows, facts = measured(size, variant, peers if size <= asked.peers_to else [], asked)
            totals[size, variant] = {name: row.get("total") for name, row in rows.items()}
            put(f"scale {size} {variant}", list(section(size, variant, rows, facts)))
    if len({size for size, _ in totals}) > 1:
        put("scale growth", list(growth(totals)))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,50000")
    parser.add_argument("--variants", default="loose,tight,energy")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--peers-to", type=int, default=LISTED, help="plants up to which peers are measured")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds for each peer")
    parser.add_argument("--memory", type=float, default=20.0, help="GB of address space for each process")
    return parser.parse_args()


def measured(
    size: int, variant: str, peers: list[str], asked: argparse.Namespace
) -> tuple[dict[str, Row], Row]:
    """Each solver's figures by name, and what the case is."""
    case = [sys.executable, str(HERE / "scale_case.py")]
    most, cores = str(SECONDS.get(size, math.inf)), len(os.sched_getaffinity(0))
    crews = {OURS: 1} if size < CREW_ALONE else {}
    crews |= {f"{OURS}, {cores} cores": cores} if size >= CREW else {}
    rows = {}
    for name, n in crews.items():
        rows[name] = run([*case, "ours", str(size), variant, str(n), most], 3600, asked.memory, n)
        say(size, variant, name, rows[name])
    facts: Row = {}
    with tempfile.TemporaryDirectory() as folder:
        file, answer = f"{folder}/case.npz", f"{folder}/answer.npz"
        if peers:
            facts = run([*case, "write", str(size), variant, file], 3600, asked.memory)
        for name in peers:
            row = run([PYTHON, str(HERE / "scale_peers.py"), name, file, answer], asked.limit, asked.memory)
            if row["status"] == "done":
                row |= run([*case, "check", str(size), variant, answer], 3600, asked.memory)
            rows[name] = row
            say(size, variant, name, row)
    return rows, facts


def say(size: int, variant: str, name: str, row: Row) -> None:
    print(size, variant, name, {k: v for k, v in row.items() if k not in ("version", "steps")}, flush=True)


def introduction(asked: argparse.Namespace) -> Iterator[str]:
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    yield "## From a city to the nation (`benchmarks/scale.py`)"
    yield ""
    yield f"Measured on {where}, one solver at a time, one thread unless cores are said. The network is"
    yield "`benchmarks/synthetic.py`: 3,000 counties, power-law capacities, recycle loops, freight within"
    yield "300 km; *tight* adds two purchase caps that bind, and an energy cap that counts few materials and"
    yield "does not; in *energy* it counts all materials and binds hard. A table is one run; sizes may"
    yield "have been run at other times. The machine is shared: compare ratios in a table, not seconds"
    yield "of two tables."
    yield ""
    yield "- **build**: stating the programme from arrays in memory. For liantu it is making the tables into"
    yield "  a network, and is not in its total, which holds everything after: the choice of the way by"
    yield "  size, the pairs, the programme, the solution and the certificate. The peers get the list of all"
    yield "  pairs within range for nothing."
    yield "- **peak**: most memory the process held (VmHWM), with its imports; for PuLP with CBC's;"
    yield "  for liantu with the tables and the network."
    yield "- **gap, residual**: (bound - value) / value and the largest violation, computed by"
    yield "  `chain/certificate.py` from each solver's flows and prices. For liantu over all pairs."
    yield f"- A peer that needs more than {asked.limit:.0f} s or {asked.memory:.0f} GB is stopped."
    yield ""
    yield "Each peer with the options that were fastest for it here at 10,000 plants, of those tried (HiGHS:"
    yield "simplex, interior point, without presolve; GLOP: dual, without preprocessing; CBC: its own choice,"
    yield "primal, barrier):"
    yield ""
    for name, said in OPTIONS.items():
        yield f"- **{name}**: {said}."
    yield ""


def section(size: int, variant: str, rows: dict[str, Row], facts: Row) -> Iterator[str]:
    listed = (
        f": {facts['rows']:,} rows, {facts['pairs']:,} pairs in the plain form" if "rows" in facts else ""
    )
    yield f"### {size:,} plants, {variant}{listed}"
    yield ""
    yield f"{time.strftime('%Y-%m-%d')}; load of the machine at the end {os.getloadavg()[0]:.1f}."
    yield ""
    yield HEAD
    yield "|" + " --- |" * (HEAD.count("|") - 1)
    base = next(iter(rows.values())).get("total")
    for name, row in rows.items():
        said = name if "version" not in row else f"{name} ({row['version']})"
        if "total" not in row:
            yield f"| {said} | {row['status']} | | | | | | | |"
            continue
        ratio = f"{row['total'] / base:.2f}" if base else ""
        proof = (
            f"{row['objective']:.10g} | {row['gap']:.1e} | {row['residual']:.1e}" if "gap" in row else " | | "
        )
        yield (
            f"| {said} | {row['build']:.2f} | {row['solve']:.2f} | {row['total']:.2f} | {ratio}"
            f" | {row['peak_mb']:.0f} | {proof} |"
        )
    for name, row in rows.items():
        if row.get("steps"):
            yield ""
            yield f"Proven gap of {name} after: {', '.join(row['steps'])}."


def growth(totals: dict[tuple[int, str], dict[str, float | None]]) -> Iterator[str]:
    """b of total = a x plants^b, by least squares of the logarithms, for who solved two sizes or more."""
    yield "### Growth of the total with plants"
    yield ""
    yield "| solver | variant | from | to | exponent |"
    yield "| --- | --- | --- | --- | --- |"
    names = dict.fromkeys(name for row in totals.values() for name in row)
    for name in names:
        for variant in dict.fromkeys(v for _, v in totals):
            known = [(n, row[name]) for (n, v), row in totals.items() if v == variant and row.get(name)]
            if len(known) < 2:
                continue
            n, t = np.log(np.array(known, dtype=float)).T
            slope = float(np.polyfit(n, t, 1)[0])
            yield f"| {name} | {variant} | {known[0][0]:,} | {known[-1][0]:,} | {slope:.2f} |"


def put(section: str, lines: list[str]) -> None:
    """Put the lines between a section's marks in the results; what else is there is kept."""
    lines = lines if lines[-1] else lines[:-1]
    marks = f"<!-- {section} -->", f"<!-- /{section} -->"
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# What was measured\n"
    block = "\n".join([marks[0], "", *lines, "", marks[1]])
    if all(mark in text for mark in marks):
        before, rest = text.split(marks[0], 1)
        text = before + block + rest.split(marks[1], 1)[1]
    else:
        text = text.rstrip() + "\n\n" + block + "\n"
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
