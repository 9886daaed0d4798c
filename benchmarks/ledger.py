"""A million figures checked, and one more row checked. `python benchmarks/ledger.py [ROWS]`

A made-up province: cities of nine counties, indicators that add up, yearly levels, levels of nine months and
growth rates, all true and rounded as reports print them; then some contradictions are planted.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl

from liantu.ledger.catalogue import Catalogue, Indicator, Part, Subject
from liantu.ledger.columns import SCHEMA
from liantu.ledger.ledger import Ledger
from liantu.ledger.live import LiveBook
from liantu.ledger.observation import Observation
from liantu.ledger.periods import year

YEARS = range(2016, 2026)
COUNTIES = 9
INDICATORS = 50
PLANTED = 200


def catalogue(cities: int) -> Catalogue:
    """Cities with their counties, and indicators that add up."""
    subjects = {}
    for c in range(cities):
        subjects[f"c{c}"] = Subject(f"c{c}", "city", f"市{c}", f"City {c}", complete=True)
        for k in range(COUNTIES):
            name = f"c{c}k{k}"
            subjects[name] = Subject(
                name, "county", f"县{c}-{k}", f"County {c}-{k}", parts_of=(Part(f"c{c}"),)
            )
    names = [f"i{n}" for n in range(INDICATORS)]
    kinds = {"direction": "up", "additive": True, "growth": "nominal"}
    found = {n: Indicator(n, n, n, "CNY", "flow", **kinds) for n in names}  # type: ignore[arg-type]
    return Catalogue(subjects, found)


def table(cities: int, rng: np.random.Generator) -> pl.DataFrame:
    """The rows, all consistent: levels to 0.01, nine months to 0.1 and rates to 0.1 per cent."""
    counties = rng.uniform(20, 900, (cities, COUNTIES, INDICATORS, 1)) * np.cumprod(
        rng.uniform(1.01, 1.2, (cities, COUNTIES, INDICATORS, len(YEARS))), axis=3
    )
    gone = counties * rng.uniform(0.65, 0.8, counties.shape)
    levels = np.concatenate([counties.sum(axis=1, keepdims=True), counties], axis=1)
    nine = np.concatenate([gone.sum(axis=1, keepdims=True), gone], axis=1)
    rates = (levels[..., 1:] / levels[..., :-1] - 1) * 100
    subjects = [name for c in range(cities) for name in (f"c{c}", *(f"c{c}k{k}" for k in range(COUNTIES)))]
    parts = [
        _block(subjects, YEARS, levels, "2", 12, "level", ""),
        _block(subjects, YEARS, nine, "1", 9, "level", ""),
        _block(subjects, YEARS[1:], rates, "1", 12, "rate", "on_year"),
    ]
    rows = pl.concat(parts).with_row_index("n").with_columns(id=pl.format("r{}", "n")).drop("n")
    return rows.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _block(
    subjects: list[str], over: range, values: np.ndarray, digits: str, months: int, measure: str, basis: str
) -> pl.DataFrame:
    flat = values.reshape(len(subjects) * INDICATORS * len(over))
    names = np.repeat(np.array(subjects), INDICATORS * len(over))
    indicators = np.tile(np.repeat([f"i{n}" for n in range(INDICATORS)], len(over)), len(subjects))
    year_of = np.tile(np.array(over), len(subjects) * INDICATORS)
    frame = pl.DataFrame({"subject": names, "indicator": indicators, "y": year_of, "v": flat})
    last = date(2000, months, 30 if months == 9 else 31)
    number = pl.col("v").round(int(digits)).cast(pl.Decimal(20, int(digits))).cast(pl.String)
    rate = measure == "rate"
    return frame.select(
        "subject", "indicator",
        start=pl.date("y", 1, 1), end=pl.date("y", last.month, last.day), point=pl.lit(False),
        value=number, step=pl.lit("0.01" if digits == "2" else "0.1"), unit=pl.lit("%" if rate else "yi_CNY"),
        measure=pl.lit(measure), basis=pl.lit(basis), price=pl.lit("unknown"), status=pl.lit("actual"),
        qualifier=pl.lit(""), base_start=pl.lit(None, pl.Date), base_end=pl.lit(None, pl.Date),
        base_point=pl.lit(False), within=pl.lit(""), source=pl.format("yearbook {}", "y"),
        source_date=pl.date(pl.col("y") + 1, 3, 1), place=pl.lit(""), entered_by=pl.lit("bench"),
        entered_at=pl.lit(""), corrects=pl.lit(""), doubts=pl.lit(""),
    )  # fmt: skip


def planted(rows: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, set[str]]:
    """The rows with some rates and levels raised by a third and more; the ids of those."""
    chosen = rng.choice(rows.height, PLANTED, replace=False)
    ids = set(rows["id"].gather(chosen))
    bad = pl.col("id").is_in(sorted(ids))
    raised = (pl.col("value").cast(pl.Float64) * 1.4 + 7).round(1).cast(pl.String)
    return rows.with_columns(value=pl.when(bad).then(raised).otherwise("value")), ids


def main() -> None:
    """Build, check, add rows, and say how long it took."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    cities = max(1, round(wanted / ((COUNTIES + 1) * INDICATORS * (3 * len(YEARS) - 1))))
    rng = np.random.default_rng(7)
    book = catalogue(cities)
    rows, ids = planted(table(cities, rng), rng)
    threads = pl.thread_pool_size()
    print(f"{platform.machine()}, {os.cpu_count()} cores, polars {pl.__version__} on {threads} threads")
    print(f"{rows.height:,} observations of {len(book.subjects):,} subjects and {INDICATORS} indicators")
    begin = time.perf_counter()
    live = LiveBook(Ledger(rows), book)
    indexed = time.perf_counter()
    findings = live.findings()
    done = time.perf_counter()
    named = {row.id for finding in findings for row in finding.rows}
    print(f"processor time {time.process_time():.1f} s up to here")
    print(f"index {indexed - begin:.1f} s, checks {done - indexed:.1f} s, together {done - begin:.1f} s")
    print(f"{len(findings):,} findings; {len(ids & named)} of {PLANTED} planted contradictions are in one")
    times = []
    for n in range(200):
        subject, indicator = f"c{n % cities}k{n % COUNTIES}", f"i{n % INDICATORS}"
        value, step = Decimal("12345.6"), Decimal("0.1")
        row = Observation(f"new{n}", subject, indicator, year(2025), value, "yi_CNY", step, source="new")
        start = time.perf_counter()
        change = live.add(row)
        times.append((time.perf_counter() - start) * 1000)
        assert any(row.id in {r.id for r in f.rows} for f in change.opened)
    print(f"a row more: median {np.median(times):.1f} ms, 95 % below {np.percentile(times, 95):.1f} ms")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB at most")


if __name__ == "__main__":
    main()
