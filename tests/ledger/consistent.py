"""Ledgers in which everything is true, printed with any rounding; and one contradiction planted in them."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from liantu.ledger.observation import Observation
from tests.ledger.figures import fig

YEARS = range(2020, 2026)


def printed(value: Fraction, digits: int) -> str:
    """The value rounded half up to so many decimals."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"


def ledger(draw: random.Random) -> list[Observation]:
    """A city of two counties: levels, growth, increments, averages, year to date, shares, per head."""
    rows: list[Observation] = []
    truth = {s: _path(draw) for s in ("east", "west")}
    truth["city"] = {y: truth["east"][y] + truth["west"][y] for y in YEARS}
    gone = {
        s: {y: truth[s][y] * Fraction(draw.randint(60, 80), 100) for y in YEARS} for s in ("east", "west")
    }
    gone["city"] = {y: gone["east"][y] + gone["west"][y] for y in YEARS}
    for subject, path in truth.items():
        rows += _flow(draw, subject, path, gone[subject])
    people = {y: Fraction(draw.randint(400_000, 440_000)) for y in (2024, 2025)}
    for y, number in people.items():
        rows.append(fig(f"city population {y} {printed(number / 10_000, draw.randint(0, 3))} wan_person"))
        rows.append(fig(f"city gdp {y} {printed(truth['city'][y] * 3, draw.randint(0, 2))} yi_CNY"))
        head = truth["city"][y] * 3 * 100_000_000 / number / 10_000
        rows.append(fig(f"city gdp_per_head {y} {printed(head, draw.randint(0, 3))} wan_CNY"))
    for y in (2024, 2025):
        share = truth["east"][y] / truth["city"][y] * 100
        rows.append(fig(f"east output {y} {printed(share, draw.randint(0, 2))} % share", within="某市"))
    before = draw.randint(500, 5000)
    after = before + draw.randint(0, 800)
    rows.append(fig(f"city new_firms 2025 {after} count"))
    rate = printed(Fraction(after - before, before) * 100, draw.randint(0, 2))
    rows.append(fig(f"city new_firms 2025 {rate} % rate on_year"))
    return rows


def _path(draw: random.Random) -> dict[int, Fraction]:
    value = Fraction(draw.randint(20_000, 90_000), 100)
    path = {}
    for y in YEARS:
        path[y] = value
        value *= 1 + Fraction(draw.randint(10, 300), 1000)
    return path


def _flow(
    draw: random.Random, subject: str, path: dict[int, Fraction], gone: dict[int, Fraction]
) -> list[Observation]:
    rows = []
    for y in YEARS:
        for _ in range(draw.randint(1, 2)):
            rows.append(
                fig(f"{subject} output {y} {printed(path[y], draw.randint(0, 2))} yi_CNY", source=f"r{y}")
            )
        rows.append(fig(f"{subject} output {y}-01/{y}-09 {printed(gone[y], draw.randint(0, 2))} yi_CNY"))
        if y - 1 in path:
            rate = (path[y] / path[y - 1] - 1) * 100
            rows.append(
                fig(
                    f"{subject} output {y} {printed(rate, draw.randint(0, 2))} % rate on_year", source=f"r{y}"
                )
            )
            more = path[y] - path[y - 1]
            rows.append(
                fig(f"{subject} output {y} {printed(more, draw.randint(0, 2))} yi_CNY change on_year")
            )
    mean = ((float(path[2025]) / float(path[2020])) ** 0.2 - 1) * 100
    rows.append(fig(f"{subject} output 2021/2025 {mean:.{draw.randint(0, 1)}f} % rate average"))
    return rows
