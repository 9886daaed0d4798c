"""A rank within its population.

Formulas: 1 <= rank <= number ranked; rank is whole; rank within a part <= rank within the whole population.
A rank is exact and has no tolerance.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import polars as pl

from liantu.ledger.book import Book, Row
from liantu.ledger.catalogue import Catalogue, Series
from liantu.ledger.checks.parts import finding
from liantu.ledger.finding import Finding
from liantu.ledger.interval import Interval
from liantu.ledger.screen import Frame

CODE = "rank"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Ranks that can't be, and ranks in a part that are behind the rank in the whole."""
    ranks = [
        row
        for row in book.rows(series)
        if row.usable and row.seen.measure == "rank" and row.seen.qualifier in ("", "only")
    ]
    for row in ranks:
        size = _size(book.catalogue, row)
        allowed = Interval.of(1, size)
        if row.seen.value != row.seen.value.to_integral_value() or not allowed.has(row.seen.value):
            why = ["scope", "transcription"]
            formula = "1 ≤ rank ≤ number ranked"
            yield finding(CODE, "error", {"rank": row}, formula, allowed, row.value, why)
    for narrow, wide in permutations(ranks, 2):
        same = narrow.period == wide.period and narrow.seen.status == wide.seen.status
        inside = _lies_in(book.catalogue, narrow.seen.within, wide.seen.within)
        if same and inside and narrow.seen.value > wide.seen.value:
            roles = {"narrow": narrow, "wide": wide}
            why = ["definition", "later_date", "transcription"]
            yield finding(CODE, "error", roles, "rank in part ≤ rank in whole", wide.value, narrow.value, why)


def _size(catalogue: Catalogue, row: Row) -> int | None:
    population = catalogue.populations.get(row.seen.within)
    if population is not None and population.size is not None:
        return population.size
    return catalogue.known(row.series[1]).ranks


def _lies_in(catalogue: Catalogue, narrow: str, wide: str) -> bool:
    seen: set[str] = set()
    while narrow in catalogue.populations and narrow not in seen:
        seen.add(narrow)
        narrow = catalogue.populations[narrow].within
        if narrow and narrow == wide:
            return True
    return False


def screen(frame: Frame) -> pl.Series:
    """Series with a rank out of bounds, or with ranks in two populations."""
    ranks = frame.usable.filter(pl.col("measure") == "rank")
    sizes = {name: p.size for name, p in frame.catalogue.populations.items() if p.size is not None}
    table = pl.DataFrame(
        {"within": list(sizes), "size": list(sizes.values())},
        schema={"within": pl.String, "size": pl.Float64},
    )
    ranks = frame.with_attributes(ranks.join(table, on="within", how="left"))
    most = pl.coalesce("size", "ranks", pl.lit(float("inf")))
    whole = pl.col("number") == pl.col("number").round()
    bad = ranks.filter((pl.col("number") < 1) | (pl.col("number") > most) | ~whole)["series"]
    several = ranks.group_by("series", "rs", "re").agg(n=pl.col("within").n_unique()).filter(pl.col("n") > 1)
    return pl.concat([bad, several["series"]])
