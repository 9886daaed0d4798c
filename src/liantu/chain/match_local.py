"""A solved plan seen from one balance: what comes and goes there, and what a unit more or less is worth.

Everything is first order, at the plan's own local prices: it ranks, the proof decides.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from liantu.chain.keys import BALANCE, CAP, SHARED
from liantu.chain.model import Model
from liantu.chain.network import Floats, Ints, great_circle_km
from liantu.chain.plan import Plan, clean

TINY = 1e-7  # share of what a place could give below which an amount is rounding


@dataclass(frozen=True)
class Local:
    """A plan with its prices at hand. x (C,) without rounding; low and high (R,) CNY per unit: what one
    more unit at the row would bring, what one less would cost; used (R,) the rows' values."""

    model: Model
    x: Floats
    low: Floats
    high: Floats
    used: Floats

    @staticmethod
    def of(plan: Plan) -> Local:
        """The plan's own prices; where the network was too large for intervals, the solver's."""
        model = plan.model
        x = clean(model, plan.solution.x)
        ends = plan.intervals.row
        if not plan.intervals.exact:
            ends = np.column_stack([plan.solution.row_dual, plan.solution.row_dual])
        return Local(model, x, ends[:, 0], ends[:, 1], np.asarray(model.matrix @ x))

    def rows_of(self, material: int) -> Ints:
        """Balance rows of a material, those of shut plants left out."""
        rows = self.model.rows
        at = np.flatnonzero((rows.kind == BALANCE) & (rows.material == material))
        shut = (rows.plant[at] >= 0) & ~self.model.settings.open[np.maximum(rows.plant[at], 0)]
        return at[~shut]

    def plants_at(self, row: int) -> list[tuple[int, float]]:
        """(position, amount per unit of activity) of the open plants at a row; > 0 made, < 0 used."""
        model = self.model
        f = int(model.rows.plant[row])
        if f >= 0:
            k = int(np.searchsorted(model.plants, f))
            pairs = [(k, -sum(v for r, v in self.column(k) if r == row))]
        else:
            part = self._by_row
            at = slice(part.indptr[row], part.indptr[row + 1])
            pairs = list(zip(part.indices[at].tolist(), (-part.data[at]).tolist(), strict=True))
        return [(k, a) for k, a in pairs if a != 0.0 and model.settings.open[model.plants[k]]]

    @cached_property
    def _by_row(self) -> sparse.csr_matrix:
        """(R, K) the activities' part of the model's matrix, row by row."""
        return sparse.csr_matrix(self.model.matrix[:, : len(self.model.plants)])

    def leaving(self, row: int) -> Ints:
        """Columns that take something away from a row, ascending."""
        return _grouped(self._by_source, row)

    def arriving(self, row: int) -> Ints:
        """Columns that bring something to a row, ascending."""
        return _grouped(self._by_target, row)

    @cached_property
    def _by_source(self) -> tuple[Ints, Ints]:
        return _groups(self.model.columns.source, len(self.model.rows.kind))

    @cached_property
    def _by_target(self) -> tuple[Ints, Ints]:
        return _groups(self.model.columns.target, len(self.model.rows.kind))

    def plant_id(self, k: int) -> str:
        """Id of the plant at a position."""
        return self.model.network.plants.id[int(self.model.plants[k])]

    def load(self, k: int) -> float:
        """Activity over capacity of the plant at a position; 0 where it has no capacity."""
        capacity = float(self.model.capacity[k])
        return float(self.x[k]) / capacity if capacity > 0 else 0.0

    def kilometres(self, row: int, lat: float, lon: float) -> float:
        """Distance of a row from a place; 0 for a pool, nan where the row stands nowhere."""
        rows = self.model.rows
        if rows.place[row] == "city" or rows.place[row].startswith("park:"):
            return 0.0
        here = (np.array([v]) for v in (rows.lat[row], rows.lon[row], lat, lon))
        return float(great_circle_km(*here)[0])

    def room(self, k: int) -> float:
        """Activity that the capacity of a plant, shared or its own, still allows."""
        room = float(self.model.capacity[k] - self.x[k])
        for r, v in self.column(k):
            if self.model.rows.kind[r] == SHARED and v > 0:
                room = min(room, float(self.model.row_upper[r] - self.used[r]) / v)
        return room if room > TINY * float(self.model.capacity[k]) else 0.0

    def is_balance(self, row: int) -> bool:
        """Whether a row balances a material, and is not a cap or a shared capacity."""
        return bool(self.model.rows.kind[row] == BALANCE)

    def cap_room(self, j: int) -> float:
        """Units of a column that the caps it counts against still allow; inf where none does."""
        left = [
            max(float(self.model.row_upper[r] - self.used[r]), 0.0) / v
            for r, v in self.column(j)
            if v > 0 and self.model.rows.kind[r] == CAP
        ]
        return min(left, default=math.inf)

    def break_even(self, k: int, row: int, rise: bool, instead: Mapping[int, float] | None = None) -> float:
        """CNY per unit of the row's material at which plant k neither gains nor loses by a change.

        rise: by running more, else by running less. Everything else it makes or uses, and every cap it
        touches, counts at the local price of that direction, or at the price given `instead` for a row:
        (c_k - sum of A_rk y_r, r other than the row) / A_row,k. Infinite where an input cannot be had; at
        a plant that runs below its capacity it is the local price itself.
        """
        rest, own = float(self.model.objective[k]), 0.0
        for r, v in self.column(k):
            if r == row:
                own += v
            elif v != 0.0:
                price = float(self.high[r] if (v > 0) == rise else self.low[r])
                rest -= v * (instead or {}).get(r, price)
        return rest / own

    def lacking(self, k: int, row: int) -> str:
        """The first material, or cap, for want of which plant k cannot run more: an input that nobody
        has, or an output that nobody takes. '' where nothing of the kind holds it back."""
        rows = self.model.rows
        for r, v in self.column(k):
            if r != row and math.isinf(self.high[r] if v > 0 else self.low[r]):
                ids, balance = self.model.network.materials.id, bool(rows.kind[r] == BALANCE)
                return ids[int(rows.material[r])] if balance else rows.place[r]
        return ""

    def crossing(self, j: int, rise: bool) -> float:
        """CNY per unit of a crossing, caps counted: what one more brings (rise), what one less costs."""
        price = self.high if rise else self.low
        caps = sum(v * float(price[r]) for r, v in self.column(j) if self.model.rows.kind[r] == CAP)
        return float(self.model.objective[j]) - caps

    def column(self, j: int) -> list[tuple[int, float]]:
        """(row, coefficient) of a column."""
        a = self.model.matrix
        part = slice(a.indptr[j], a.indptr[j + 1])
        return list(zip(a.indices[part].tolist(), a.data[part].tolist(), strict=True))


def _groups(row: Ints, n: int) -> tuple[Ints, Ints]:
    """Positions by row, -1 left out, and where each row's begin."""
    order = np.argsort(row, kind="stable").astype(np.int64)
    return order, np.searchsorted(row[order], np.arange(n + 1)).astype(np.int64)


def _grouped(groups: tuple[Ints, Ints], row: int) -> Ints:
    order, start = groups
    return order[start[row] : start[row + 1]]
