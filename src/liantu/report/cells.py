"""Cells to text: one scale and one number of decimals a column, so that figures can be compared down it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from liantu.chain.units import format_money, format_number, format_quantity, unit_label
from liantu.i18n import EN, current_language
from liantu.report.listing import Cell, Column, Interval, Listing, Quantity

NOTHING = "–"
ANY = "any"
"""Unit of a column whose quantities are not all a year: hectares of land, a share, money to invest."""
SMALL = "≈0"
"""Not zero, but below what the column's decimals show."""
CENT = 0.01
"""Ends of an interval of prices below a hundredth of it are rounding, and shown as 0."""

_MONEY = {
    True: ((1e8, "亿元", 2), (1e4, "万元", 0), (1.0, "元", 0)),
    False: ((1e6, "CNY million", 1), (1.0, "CNY", 0)),
}
"""Scale, its word, and the fewest decimals under it."""


def header(column: Column, money: Sequence[Cell] = ()) -> tuple[str, str]:
    """(title, unit) of a column; the unit of money is that of the scale which the cells `money` need."""
    chinese = current_language() != EN
    if column.kind == "money":
        word = _scale(money)[1]
        yearly = column.unit.endswith("/y")
        return column.title, word + (("/年" if chinese else "/y") if yearly else "")
    if column.kind == "share":
        return column.title, "%"
    if column.kind == "quantity":
        suffix = "" if column.unit == ANY else "/年" if chinese else "/y"
        return column.title, ("各自单位" if chinese else "own unit") + suffix
    return column.title, label(column.unit)


def label(unit: str) -> str:
    """A unit as the language spoken has it: 'CNY/t' is '元/吨' in Chinese."""
    if current_language() == EN or not unit:
        return unit
    return "/".join(_WORDS.get(part) or unit_label(part, current_language()) for part in unit.split("/"))


_WORDS = {"CNY": "元", "y": "年", "unit": "单位", "km": "公里", "jobs": "人"}


def texts(column: Column, cells: Sequence[Cell], money: Sequence[Cell] | None = None) -> list[str]:
    """The cells of a column as they stand under `header(column, money)`."""
    if column.kind == "money":
        factor, _word, least = _scale(cells if money is None else money)
        return _fixed([None if v is None else _whole(v) / factor for v in _numbers(cells)], least)
    if column.kind == "share":
        return _fixed([None if v is None else 100 * v for v in _numbers(cells)], most=1)
    if column.kind == "number" and not column.mixed:
        return _fixed(_numbers(cells))
    return [text(cell) for cell in cells]


def money_of(listing: Listing) -> list[Cell]:
    """Every cell of money in a listing: they share one scale, so that they can be compared across it."""
    columns = [j for j, column in enumerate(listing.columns) if column.kind == "money"]
    return [row[j] for row in listing.rows for j in columns]


def text(cell: Cell) -> str:
    """A cell by itself, four significant digits."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Quantity):
        return _quantity(cell, cell.unit.removesuffix("/y"))
    if isinstance(cell, Interval):
        low, high = (0.0 if abs(end) < CENT / 100 else end for end in cell)
        if _same(low, high):
            return format_number(low)
        return f"{format_number(low)} … {format_number(high)}"
    return f"{cell:.3g}" if 0 < abs(cell) < 1e-4 else format_number(cell)


def fact(column: Column, cell: Cell) -> str:
    """A cell with its unit, for a line of the summary."""
    if cell is None or isinstance(cell, str):
        return text(cell)
    if isinstance(cell, Quantity):
        return _quantity(cell, cell.unit)
    value, unit = texts(column, [cell])[0], header(column, [cell])[1]
    if column.kind == "share":
        return f"{value}{'%' if current_language() != EN else ' %'}"
    return f"{value} {unit}".strip()


def _quantity(cell: Quantity, unit: str) -> str:
    if unit == "fraction":
        return f"{format_number(100 * cell.value)} %"
    if unit == "CNY":
        return format_money(cell.value, current_language())
    return format_quantity(cell.value, unit, current_language())


def _whole(cny: float) -> float:
    """Money below a cent is rounding of the solver."""
    return 0.0 if abs(cny) < CENT else cny


def _same(low: float, high: float) -> bool:
    return low == high or (math.isfinite(low) and abs(high - low) <= 1e-6 * (1.0 + abs(low)))


def _numbers(cells: Iterable[Cell]) -> list[float | None]:
    return [float(c) if isinstance(c, int | float) else None for c in cells]


def _largest(values: Iterable[float | None]) -> float:
    return max((abs(v) for v in values if v is not None and math.isfinite(v)), default=0.0)


def _scale(cells: Sequence[Cell]) -> tuple[float, str, int]:
    """The money scale of a column: the greatest that its largest figure reaches."""
    steps = _MONEY[current_language() != EN]
    largest = _largest(_numbers(cells)) * (1 + 5e-5)
    return next((step for step in steps if largest >= step[0]), steps[-1])


def _fixed(values: Sequence[float | None], least: int = 0, most: int = 3) -> list[str]:
    """The numbers with as many decimals as give the largest four digits, within `least` and `most`."""
    largest = _largest(values)
    decimals = most if largest == 0 else min(most, max(least, 3 - math.floor(math.log10(largest))))
    if all(v is None or not math.isfinite(v) or v == round(v) for v in values):
        decimals = 0
    out = []
    for v in values:
        if v is None:
            out.append(NOTHING)
        elif not math.isfinite(v):
            out.append(format_number(v))
        elif v != 0 and round(v, decimals) == 0:
            out.append(SMALL)
        else:
            out.append(f"{v + 0.0:,.{decimals}f}")
    return out
