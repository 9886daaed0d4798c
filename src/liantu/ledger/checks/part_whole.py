"""A part above its whole.

Formula: part <= whole, for one period; of what adds up, also for a part of it: part(9 months) <= whole(year).
Tolerance: intervals of the printed figures. A part that may reach beyond the whole gives a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from liantu.ledger.book import Book, Key, Row, levels
from liantu.ledger.catalogue import Indicator, Series
from liantu.ledger.checks.parts import Candidate, closest, comparable, finding
from liantu.ledger.finding import Finding, Severity
from liantu.ledger.interval import ZERO
from liantu.ledger.screen import Frame, apart

CODE = "part_whole"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each part that is above every printed value of the whole."""
    for part, strict in book.catalogue.parts(series):
        lower = parts_at(book, part)
        for key, wholes in wholes_at(book, series).items():
            for row in below_key(lower, key, book.catalogue.known(part[1])):
                fitting = comparable(wholes, row)
                if not row.value.below(ZERO) and not any(w.value.below(ZERO) for w in fitting):
                    yield from closest(_candidate(row, whole, strict) for whole in fitting)


def parts_at(book: Book, part: Series) -> dict[Key, list[Row]]:
    """The levels of a part."""
    return levels(book.rows(part), stock=book.catalogue.known(part[1]).kind == "stock")


def wholes_at(book: Book, whole: Series) -> dict[Key, list[Row]]:
    """The levels of a whole."""
    return levels(book.rows(whole), stock=book.catalogue.known(whole[1]).kind == "stock")


def below_key(at: dict[Key, list[Row]], key: Key, indicator: Indicator) -> list[Row]:
    """The levels at a key, or of what adds up those of the longest period in the same year inside it."""
    if key in at or not indicator.adds_up or not key.monthly or key.start.year != key.end.year:
        return at.get(key, [])
    inside = [k for k in at if k.monthly and key.contains(k)]
    return at[max(inside, key=lambda k: (k.months, k))] if inside else []


def _candidate(part: Row, whole: Row, strict: bool) -> Candidate:
    if not whole.value.below(part.value):
        return None
    return part.value.gap(whole.value), _finding(part, whole, strict)


def _finding(part: Row, whole: Row, strict: bool) -> Finding:
    other = part.series[1] != whole.series[1]
    why = (["scope"] if not strict else []) + (["definition"] if other else [])
    if part.seen.source != whole.seen.source:
        why.append("revision")
    severity: Severity = "error" if strict and not other else "warning"
    roles = {"part": part, "whole": whole}
    return finding(
        CODE, severity, roles, "part ≤ whole", whole.value, part.value, [*why, "scope", "transcription"]
    )


def screen(frame: Frame) -> pl.Series:
    """Wholes of which some part is above, at the key or within its year."""
    both = pieces(frame)
    return both.filter(apart(pl.col("lo"), pl.col("w_hi")))["whole"]


def pieces(frame: Frame) -> pl.DataFrame:
    """Levels of parts beside the levels of their wholes: equal keys, or inside one year's key."""
    parts = frame.levels.join(frame.part_map, left_on="series", right_on="part")
    wholes = frame.levels.select("series", "dim", w_s="ks", w_e="ke", w_lo="lo", w_hi="hi")
    same = parts.join(
        wholes, left_on=["whole", "dim", "ks", "ke"], right_on=["series", "dim", "w_s", "w_e"]
    ).with_columns(w_s="ks", w_e="ke")
    summing = frame.with_attributes(parts).filter(pl.col("adds_up")).select(parts.columns)
    inside = (
        summing.with_columns(year=pl.col("ks").dt.year())
        .filter(pl.col("ke").dt.year() == pl.col("year"))
        .join(
            wholes.with_columns(year=pl.col("w_s").dt.year()).filter(
                pl.col("w_e").dt.year() == pl.col("year")
            ),
            left_on=["whole", "dim", "year"],
            right_on=["series", "dim", "year"],
        )
        .filter(
            (pl.col("ks") >= pl.col("w_s"))
            & (pl.col("ke") <= pl.col("w_e"))
            & ((pl.col("ks") > pl.col("w_s")) | (pl.col("ke") < pl.col("w_e")))
        )
    )
    columns = [
        "series",
        "whole",
        "kind",
        "complete",
        "children",
        "dim",
        "w_s",
        "w_e",
        "lo",
        "hi",
        "w_lo",
        "w_hi",
    ]
    return pl.concat(
        [
            same.select(*columns, exact=pl.lit(True)),
            inside.select(*columns, exact=pl.lit(False)),
        ]
    )
