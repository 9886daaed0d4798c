"""Levels that follow from others by growth: the base of a rate, and the end of one."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from liantu.ledger.book import Book, Key, Row, key_of, levels
from liantu.ledger.catalogue import Series
from liantu.ledger.checks.parts import base_period, factor, price_question, span_of
from liantu.ledger.interval import ONE, Interval
from liantu.ledger.screen import Frame


@dataclass(frozen=True)
class Known:
    """A level that is printed, or follows from printed figures; `steps` is 0 for a printed one."""

    key: Key
    value: Interval
    rows: tuple[tuple[str, Row], ...]
    formula: str
    real: bool = False
    steps: int = 0

    def roles(self, name: str) -> dict[str, Row]:
        """Its rows, the roles told apart by the name of the level."""
        if not self.steps:
            return {name: self.rows[0][1]}
        return {f"{name}_{role}": row for role, row in self.rows}


def direct(book: Book, series: Series) -> list[Known]:
    """The printed actual levels of a series."""
    stock = book.catalogue.known(series[1]).kind == "stock"
    at = levels(book.rows(series), stock=stock)
    return [Known(key, row.value, (("level", row),), "") for key, rows in at.items() for row in rows]


def implied(book: Book, series: Series) -> list[Known]:
    """The levels that a printed level and a printed growth imply: base = end / f^n, end = base x f^n."""
    indicator = book.catalogue.known(series[1])
    stock = indicator.kind == "stock"
    rows = book.rows(series)
    at = levels(rows, stock=stock)
    found: list[Known] = []
    for rate in rows:
        growth = factor(rate) if rate.usable and rate.seen.status == "actual" else None
        step = step_of(rate) if growth is not None else None
        if growth is None or step is None:
            continue
        (base, end, n), real = step, price_question(rate.seen.price, indicator.growth)
        base, end = key_of(base, stock=stock), key_of(end, stock=stock)
        power = growth**n if n > 1 else growth
        for row in at.get(end, []):
            if row.value.positive:
                value = row.value * (ONE / power)
                found.append(Known(base, value, (("end", row), ("rate", rate)), f"end / f^{n}", real, n))
        for row in at.get(base, []):
            if row.value.positive:
                found.append(
                    Known(end, row.value * power, (("base", row), ("rate", rate)), f"base × f^{n}", real, n)
                )
    return found


def step_of(rate: Row) -> tuple[Key, Key, int] | None:
    """(base period, end period, steps) of a growth."""
    if rate.seen.basis == "average":
        return span_of(rate)
    base = base_period(rate)
    return None if base is None else (base, rate.period, 1)


def implied_frame(frame: Frame) -> pl.DataFrame:
    """The same for every series at once: series, dim, ks, ke, lo, hi."""
    rates = pl.concat([frame.growth_actual, frame.averages]).with_columns(
        p_lo=pl.col("f_lo").pow(pl.col("steps")), p_hi=pl.col("f_hi").pow(pl.col("steps"))
    ).select("series", "grow_s", "grow_e", "bks", "bke", "p_lo", "p_hi")  # fmt: skip
    at = frame.levels.filter(pl.col("lo") > 0).select("series", "dim", "ks", "ke", "lo", "hi")
    ends = rates.join(at, left_on=["series", "grow_s", "grow_e"], right_on=["series", "ks", "ke"])
    bases = rates.join(at, left_on=["series", "bks", "bke"], right_on=["series", "ks", "ke"])
    return pl.concat(
        [
            ends.select("series", "dim", ks="bks", ke="bke", lo=pl.col("lo") / pl.col("p_hi"),
                        hi=pl.col("hi") / pl.col("p_lo")),
            bases.select("series", "dim", ks="grow_s", ke="grow_e", lo=pl.col("lo") * pl.col("p_lo"),
                         hi=pl.col("hi") * pl.col("p_hi")),
        ]
    )  # fmt: skip
