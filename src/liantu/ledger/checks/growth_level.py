"""Growth against two levels.

Formula: base x (1 + rate) = end, or base x multiple = end, one step of growth.
Tolerance: base and rate each range over what their printed digits allow; the product must meet the end.
Real growth of levels in current prices is only noted, with the price change that would explain it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import polars as pl

from liantu.ledger.book import Book, Row, key_of, levels
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import (
    Candidate,
    base_period,
    closest,
    comparable,
    factor,
    finding,
    percent,
    price_question,
    same_source_first,
)
from liantu.ledger.finding import Finding, Severity
from liantu.ledger.interval import Interval
from liantu.ledger.screen import Frame, apart

CODE = "growth_level"
PRICES = (Fraction(-4, 100), Fraction(8, 100))
"""Change of prices in a year that may lie between real growth and levels in current prices."""


def check(book: Book, series: Series) -> Iterator[Finding]:
    """Each rate that fits no pair of its levels, told by the pair that comes closest."""
    stock = book.catalogue.known(series[1]).kind == "stock"
    rows = book.rows(series)
    for status in ("actual", "expected"):
        at = levels(rows, stock=stock)
        ends_at = at if status == "actual" else levels(rows, stock=stock, status=status)
        for rate in rows:
            if not rate.usable or rate.seen.status != status or rate.seen.basis == "average":
                continue
            base = base_period(rate)
            if base is None or factor(rate) is None:
                continue
            ends = ends_at.get(key_of(rate.period, stock=stock), [])
            if status == "expected":
                ends = [end for end in ends if end.seen.source == rate.seen.source]
            bases = at.get(key_of(base, stock=stock), [])
            yield from closest(_candidates(book, rate, bases, ends))


def _candidates(book: Book, rate: Row, bases: list[Row], ends: list[Row]) -> Iterator[Candidate]:
    bases, ends = same_source_first([bases, ends], rate.seen.source)
    growth = factor(rate)
    assert growth is not None
    for base, end in product(bases, ends):
        if base.value.positive and comparable([base], end):
            expected = base.value * growth
            if expected.meets(end.value):
                yield None
                continue
            yield (
                expected.gap(end.value),
                growth_finding(book, CODE, {"base": base, "rate": rate, "end": end}, expected, 1),
            )


def growth_finding(book: Book, code: str, roles: dict[str, Row], expected: Interval, steps: int) -> Finding:
    """The finding on a base, a rate and an end, with the rate that the levels imply."""
    base, rate, end = roles["base"], roles["rate"], roles["end"]
    ratio = end.value / base.value
    implied = _root(ratio, steps)
    params: dict[str, object] = {"implied": f"{(implied - 1) * 100:.1f}", "steps": steps}
    severity: Severity = "error"
    why: list[str] = []
    if price_question(rate.seen.price, book.catalogue.known(rate.series[1]).growth):
        stated = _root(expected / base.value, steps)
        prices = implied / stated - 1
        params["prices"] = percent(Fraction(prices))
        severity = "note" if PRICES[0] <= prices <= PRICES[1] else "warning"
        why = ["price_basis"]
    elif rate.seen.price == "unknown" and book.catalogue.known(rate.series[1]).growth == "unknown":
        why = ["price_basis"]
    if base.seen.source != end.seen.source:
        why.append("revision")
    why += ["scope", "definition", "transcription"]
    said = "base × (1 + rate)" if rate.seen.measure == "rate" else "base × multiple"
    formula = f"{said} = end" if steps == 1 else f"{said}^{steps} = end"
    return finding(code, severity, roles, formula, expected, end.value, why, **params)


def _root(ratio: Interval, steps: int) -> float:
    """The middle of the ratio, per step; only told, never compared."""
    known = [float(end) for end in (ratio.lo, ratio.hi) if end is not None]
    return max(sum(known) / len(known), 1e-9) ** (1 / steps) if known else 1.0


def screen(frame: Frame) -> pl.Series:
    """Series with a rate whose product misses a level."""
    found = [
        grown(frame, frame.growth.filter(pl.col("status") == status), frame.levels_of(status))
        for status in ("actual", "expected")
    ]
    return pl.concat(found).filter(misses())["series"]


def grown(frame: Frame, rates: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """Each rate beside the levels at its end and its base."""
    return rates.join(
        ends.select("series", "dim", bs="ks", be="ke", end_lo="lo", end_hi="hi"),
        left_on=["series", "grow_s", "grow_e"],
        right_on=["series", "bs", "be"],
        suffix="_end",
    ).join(
        frame.levels.select("series", "dim", bs="ks", be="ke", base_lo="lo", base_hi="hi"),
        left_on=["series", "bks", "bke", "dim_end"],
        right_on=["series", "bs", "be", "dim"],
    )


def misses() -> pl.Expr:
    """Whether base x factor ^ steps surely may miss the end."""
    low = pl.col("base_lo") * pl.col("f_lo").pow(pl.col("steps"))
    high = pl.col("base_hi") * pl.col("f_hi").pow(pl.col("steps"))
    return (pl.col("base_lo") > 0) & (apart(low, pl.col("end_hi")) | apart(pl.col("end_lo"), high))
