"""Parts against their sum.

Formula: sum of parts of one kind <= whole; = whole where the catalogue's parts make up all of it.
Parts of different kinds (counties, parks) overlap and are not added. Of what adds up, a part that is known
for some months only counts with those: its year is no less. Tolerance: intervals are added.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from liantu.ledger.book import Book, Row
from liantu.ledger.catalogue import Catalogue, Series
from liantu.ledger.checks.part_whole import below_key, parts_at, pieces, wholes_at
from liantu.ledger.checks.parts import comparable, finding
from liantu.ledger.finding import Finding, Severity
from liantu.ledger.interval import ZERO
from liantu.ledger.screen import Frame, apart

CODE = "parts_sum"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Sums of parts that no printed value of the whole can hold."""
    catalogue = book.catalogue
    kinds: dict[str, list[tuple[Series, bool]]] = {}
    for part, strict in catalogue.parts(series):
        kinds.setdefault(kind_of(catalogue, part), []).append((part, strict))
    wholes = wholes_at(book, series)
    for parts in kinds.values():
        if len(parts) < 2:
            continue
        lowers = [(parts_at(book, part), part, strict) for part, strict in parts]
        for key, rows in wholes.items():
            found = [
                (_lowest(below_key(at, key, catalogue.known(p[1])), rows[0]), at, s) for at, p, s in lowers
            ]
            known = [(row, key in at, strict) for row, at, strict in found if row is not None]
            whole = catalogue.subjects.get(series[0])
            full = len(known) == len(parts) and whole is not None and whole.complete
            yield from _sum(known, comparable(rows, rows[0]), full and all(at_key for _, at_key, _ in known))


def kind_of(catalogue: Catalogue, part: Series) -> str:
    """The kind of the part's subject."""
    subject = catalogue.subjects.get(part[0])
    return subject.kind if subject else ""


def _lowest(rows: list[Row], like: Row) -> Row | None:
    """The row with the lowest interval, which claims least."""
    fitting = [
        row for row in comparable(rows, like) if not row.value.below(ZERO) and row.value.lo is not None
    ]
    return min(fitting, key=lambda r: (r.value.lo or 0, r.order), default=None)


def _sum(known: list[tuple[Row, bool, bool]], wholes: list[Row], full: bool) -> Iterator[Finding]:
    total = sum((row.value for row, _, _ in known), ZERO)
    if len(known) < 2 or not wholes:
        return
    if any(row.value.below(ZERO) for row in wholes):
        return
    over = all(whole.value.below(total) for whole in wholes)
    under = full and all(total.below(whole.value) for whole in wholes)
    if not over and not under:
        return
    whole = min(wholes, key=lambda w: (w.value.gap(total), w.order))
    loose = not all(strict for _, _, strict in known)
    other = any(row.series[1] != whole.series[1] for row, _, _ in known)
    rows = sorted((row for row, _, _ in known), key=lambda r: r.order)
    roles = {f"part_{n}": row for n, row in enumerate(rows, start=1)} | {"whole": whole}
    why = (["scope"] if loose else []) + (["definition"] if other else [])
    why += ["overlap", "revision", "scope", "transcription"]
    formula = "sum of parts = whole" if full else "sum of parts ≤ whole"
    severity: Severity = "warning" if loose or other else "error"
    yield finding(CODE, severity, roles, formula, whole.value, total, why)


def screen(frame: Frame) -> pl.Series:
    """Wholes that some sum of parts exceeds, or that a full sum misses."""
    both = pieces(frame).filter((pl.col("kind") != "") & (pl.col("hi") >= 0) & pl.col("lo").is_finite())
    keys = ["whole", "kind", "dim", "w_s", "w_e", "complete", "children"]
    each = both.group_by(*keys, "series").agg(
        pl.col("lo").max(),
        pl.col("hi").filter("exact").min(),
        pl.col("exact").any(),
        pl.col("w_hi").min(),
        pl.col("w_lo").max(),
    )
    sums = each.group_by(keys).agg(
        pl.col("lo").sum(), pl.col("hi").sum(), pl.col("exact").all(), pl.col("w_hi").min(),
        pl.col("w_lo").max(), n=pl.len(),
    ).filter(pl.col("n") > 1)  # fmt: skip
    full = pl.col("complete") & pl.col("exact") & (pl.col("n") == pl.col("children"))
    return sums.filter(apart(pl.col("lo"), pl.col("w_hi")) | (full & apart(pl.col("w_lo"), pl.col("hi"))))[
        "whole"
    ]
