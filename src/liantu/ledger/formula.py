"""Formulas of derived indicators: 'gdp / permanent_population', evaluated over intervals or arrays."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from liantu.ledger.interval import Interval

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]


class BadFormula(ValueError):
    """The text is no formula of indicators, numbers, + - * / and brackets."""


@dataclass(frozen=True)
class Formula:
    """A formula: its text, and the indicators in it in the order they come."""

    text: str
    names: tuple[str, ...]

    @staticmethod
    def parse(text: str) -> Formula:
        """The formula that is written so. Raises BadFormula."""
        tree = _tree(text)
        names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        if not names:
            raise BadFormula(text)
        return Formula(text.strip(), tuple(sorted(set(names), key=text.index)))

    @property
    def quotient(self) -> tuple[str, str] | None:
        """(above, below) where it is one indicator over another, whatever the factor; else None."""
        node = _tree(self.text)
        while isinstance(node, ast.BinOp) and _is_number(node.right):
            node = node.left
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            above, below = node.left, node.right
            if isinstance(above, ast.Name) and isinstance(below, ast.Name):
                return above.id, below.id
        return None

    def over(self, values: Mapping[str, Interval]) -> Interval:
        """The interval in which it lies when each indicator lies in its own."""
        return _run(_tree(self.text), values)

    def over_arrays(self, values: Mapping[str, Ends]) -> Ends:
        """The same for arrays of lower and upper ends, in floats: for screening only."""
        return _run_arrays(_tree(self.text), values)


def _run_arrays(node: ast.expr, values: Mapping[str, Ends]) -> Ends:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant):
        number = np.asarray(float(str(node.value)))
        return number, number
    assert isinstance(node, ast.BinOp)
    a, b = _run_arrays(node.left, values), _run_arrays(node.right, values)
    if isinstance(node.op, ast.Add):
        return a[0] + b[0], a[1] + b[1]
    if isinstance(node.op, ast.Sub):
        return a[0] - b[1], a[1] - b[0]
    with np.errstate(all="ignore"):
        if isinstance(node.op, ast.Div):
            spans = (b[0] <= 0) & (b[1] >= 0)
            b = (np.where(spans, -np.inf, 1 / b[1]), np.where(spans, np.inf, 1 / b[0]))
        ends = [x * y for x in a for y in b]
        return np.fmin.reduce(ends), np.fmax.reduce(ends)


def _run(node: ast.expr, values: Mapping[str, Interval]) -> Interval:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant):
        return Interval.exactly(Fraction(Decimal(str(node.value))))
    assert isinstance(node, ast.BinOp)
    a, b = _run(node.left, values), _run(node.right, values)
    if isinstance(node.op, ast.Add):
        return a + b
    if isinstance(node.op, ast.Sub):
        return a - b
    return a * b if isinstance(node.op, ast.Mult) else a / b


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def _tree(text: str) -> ast.expr:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise BadFormula(text) from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            continue
        if not isinstance(node, ast.BinOp | ast.Name | ast.operator | ast.expr_context):
            raise BadFormula(text)
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
            raise BadFormula(text)
    return tree
