"""Part of a year against the full year.

Formulas, for what adds up over time and is never negative:
    part <= year;  quarters or months that don't overlap: their sum <= year, = year where they fill it;
    low <= ((year - so far) / months left) / (so far / months gone) <= high, by the indicator's `pace`.
Levels may be printed or follow from a growth. Tolerance: intervals of the printed figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import polars as pl

from liantu.ledger.book import Book, Row
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.implied import Known, direct, implied, implied_frame
from liantu.ledger.checks.parts import finding
from liantu.ledger.finding import Finding, Severity
from liantu.ledger.interval import ZERO, Interval
from liantu.ledger.periods import Period, year
from liantu.ledger.screen import Frame, apart, shared

CODE = "year_to_date"


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Parts of a year that are more than the year, tiles that miss it, a rest of the year out of pace."""
    indicator = book.catalogue.known(series[1])
    printed = direct(book, series)
    if not indicator.adds_up or any(not k.value.has(0) and k.value.below(ZERO) for k in printed):
        return
    keys = {known.key for known in printed}
    known = printed + [k for k in implied(book, series) if k.key not in keys]
    by_year: dict[int, list[Known]] = {}
    for one in known:
        if one.key.monthly and one.key.start.year == one.key.end.year:
            by_year.setdefault(one.key.start.year, []).append(one)
    for number, inside in sorted(by_year.items()):
        wholes = [k for k in inside if k.key == year(number)]
        parts = [k for k in inside if k.key != year(number)]
        for whole in _closest_first(wholes):
            for part in _closest_first(parts):
                if part.rows[0][1].dimension == whole.rows[0][1].dimension:
                    yield from _pair(part, whole, indicator.pace)
        yield from _tiles([k for k in parts if not k.steps], [k for k in wholes if not k.steps])


def _closest_first(known: Sequence[Known]) -> list[Known]:
    """One level a key: the printed one, else the one of fewest steps; two of a kind are both kept."""
    ranked = sorted(known, key=lambda k: (k.steps, tuple(row.order for _, row in k.rows)))
    fewest = {k.key: k.steps for k in reversed(ranked)}
    return [k for k in ranked if k.steps == fewest[k.key]]


def _pair(part: Known, whole: Known, pace: tuple[float, float] | None) -> Iterator[Finding]:
    real = part.real or whole.real
    roles = {**part.roles("part"), **whole.roles("year")}
    why = ["price_basis"] if real else []
    if whole.value.below(part.value):
        severity: Severity = "warning" if real else "error"
        formula = "part ≤ year"
        why += ["definition", "revision", "transcription"]
        yield finding(CODE, severity, roles, formula, whole.value, part.value, why)
    elif pace is not None and part.key.to_date and part.key.months >= 6 and part.value.positive:
        months = part.key.months
        rest = (whole.value - part.value) / part.value * Interval.exactly(Fraction(months, 12 - months))
        low, high = Fraction(str(pace[0])), Fraction(str(pace[1]))
        if not rest.meets(Interval(low, high)):
            formula = "low ≤ rest of the year a month / year so far a month ≤ high"
            severity = "note" if real else "warning"
            why += ["season", "revision", "transcription"]
            yield finding(CODE, severity, roles, formula, Interval(low, high), rest, why)


def _tiles(parts: Sequence[Known], wholes: Sequence[Known]) -> Iterator[Finding]:
    for length in (1, 3, 6):
        tiles: dict[Period, Row] = {}
        for one in parts:
            if one.key.months == length and one.key.start.month % length == 1 % length:
                tiles.setdefault(one.key, one.rows[0][1])
        if len(tiles) < 2 or len({row.dimension for row in tiles.values()}) > 1:
            continue
        rows = [tiles[key] for key in sorted(tiles)]
        total = sum((row.value for row in rows), ZERO)
        full = len(rows) * length == 12
        for whole in wholes:
            if whole.rows[0][1].dimension != rows[0].dimension:
                continue
            over, under = whole.value.below(total), full and total.below(whole.value)
            if over or under:
                roles = {f"part_{n}": row for n, row in enumerate(rows, start=1)} | whole.roles("year")
                formula = "sum of parts = year" if full else "sum of parts ≤ year"
                why = ["revision", "definition", "transcription"]
                yield finding(CODE, "error", roles, formula, whole.value, total, why)


def screen(frame: Frame) -> pl.Series:
    """Series with a part above its year, tiles that miss it, or a rest out of pace."""
    columns = ["series", "dim", "ks", "ke", "lo", "hi"]
    known = pl.concat([frame.levels.select(columns), implied_frame(frame).select(columns)])
    known = frame.with_attributes(known).filter(pl.col("adds_up")).with_columns(
        year=pl.col("ks").dt.year(), months=pl.col("ke").dt.month() - pl.col("ks").dt.month() + 1
    )  # fmt: skip
    known = known.filter(pl.col("ke").dt.year() == pl.col("year"))
    wholes = known.filter(pl.col("months") == 12).select(
        "series", "dim", "year", "pace_lo", "pace_hi", y_lo="lo", y_hi="hi"
    )
    parts = known.filter(pl.col("months") < 12)
    both = parts.join(wholes, on=["series", "dim", "year"])
    n = pl.col("months")
    rest_lo = (pl.col("y_lo") / pl.col("hi") - 1) * n / (12 - n)
    rest_hi = (pl.col("y_hi") / pl.col("lo") - 1) * n / (12 - n)
    slow = apart(pl.col("pace_lo"), rest_hi) | apart(rest_lo, pl.col("pace_hi"))
    paced = pl.col("pace_lo").is_not_null() & (n >= 6) & (pl.col("lo") > 0) & slow
    found = both.filter(apart(pl.col("lo"), pl.col("y_hi")) | paced)["series"]
    tiles = parts.filter(n.is_in([1, 3, 6])).group_by("series", "dim", "year", "months", "ks").agg(
        pl.col("lo").max(), pl.col("hi").min()
    ).group_by("series", "dim", "year", "months").agg(
        pl.col("lo").sum(), pl.col("hi").sum(), n=pl.len()
    ).join(wholes, on=["series", "dim", "year"])  # fmt: skip
    over = apart(pl.col("lo"), pl.col("y_hi"))
    under = (pl.col("n") * n == 12) & apart(pl.col("y_lo"), pl.col("hi"))
    return shared(found, tiles.filter(over | under)["series"])
