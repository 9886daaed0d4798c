"""The supply of one plan kept for many needs: its tranches in a `MatchIndex`, a material at a time.

A tranche does not depend on who asks, except where the asker itself uses what is offered, and except for
what is bought in. So the tranches of a material are derived at its first need and entered as offers; a later
need is answered from the index, and only the few balances that deliver to the asker now, and the pools, are
looked at again. The answers are those of `match_need`, option by option.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from liantu.chain.match_cover import cheapest
from liantu.chain.match_elsewhere import bought_in, impure
from liantu.chain.match_index import Ask, Form, MatchIndex, Offers, lanes_of
from liantu.chain.match_local import Local
from liantu.chain.match_need import ORDER, Source, import_price, judged, option_of, rank, sources
from liantu.chain.match_query import Query, StandIn, family, resolve
from liantu.chain.match_tranches import Tranche, supply
from liantu.chain.match_types import Cover, Need, Option, Step
from liantu.chain.network import Ints
from liantu.chain.plan import Plan

NOBODY = -1
SOME = 16  # options tried for a cover at first


class Supply:
    """What the sources of a plan could give. Money in CNY per unit of what is needed, quantities a year."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.local = Local.of(plan)
        self.index = MatchIndex(lanes_of(plan.network.materials))
        self._entered: set[int] = set()
        self._tranche: list[tuple[int, Tranche]] = []
        self._given: dict[int, list[Tranche]] = {}

    def first(self, need: Need, most: int) -> tuple[Option, ...]:
        """The `most` best options, as the first of `match_need(plan, need).options`.

        Raises InputError as `match_need` does.
        """
        return self._first(resolve(self.plan.network, need), most)

    def cover(self, need: Need) -> Cover:
        """The cheapest cover, as `match_need(plan, need).cheapest`. Raises InputError as that does."""
        query, most = resolve(self.plan.network, need), SOME
        while True:
            options = self._first(query, most)
            left = query.quantity
            for o in options:
                left -= min(o.quantity, left)
            if left <= 0 or len(options) < most:
                return cheapest([step_of(o) for o in options], query.quantity)
            most *= 4

    def gives(self, local: Local, row: int, beside: int) -> Sequence[Tranche]:
        """`match_tranches.supply`, remembered for askers who get nothing from the row."""
        if beside != NOBODY and row in self._suppliers(beside):
            return supply(local, row, beside)
        if row not in self._given:
            self._given[row] = supply(local, row)
        return self._given[row]

    def _first(self, query: Query, most: int) -> tuple[Option, ...]:
        local, price = self.local, import_price(self.local, query.material)
        forms = [s for s in family(local.model.network, query.material) if s.alike]
        own = self._suppliers(query.plant)
        out: list[Option] = []
        for stand_in in forms:
            self._enter(stand_in.material)
            out += bought_in(local, query, stand_in, price)[0]
            out += self._again(query, stand_in, own, price)
        pure = [s for s in forms if self._pure(s, query)]
        ask = self._ask(query, pure, own, price)
        found = self.index.first(ask, most)
        for handle, form, km in zip(
            found.handle.tolist(), found.form.tolist(), found.km.tolist(), strict=True
        ):
            row, tranche = self._tranche[handle]
            out.append(option_of(local, Source(row, pure[form], km, (), ()), tranche, price))
        return tuple(sorted(out, key=rank)[:most])

    def _ask(self, query: Query, forms: list[StandIn], own: frozenset[int], price: float | None) -> Ask:
        top = math.inf if query.price is None else query.price
        return Ask(
            forms=tuple(Form(s.material, s.units) for s in forms),
            quantity=query.quantity,
            lat=query.place.lat,
            lon=query.place.lon,
            most=top,
            most_held=top if price is None else min(top, price),
            without=own,
        )

    def _pure(self, stand_in: StandIn, query: Query) -> bool:
        purity = float(self.local.model.network.materials.purity[stand_in.material])
        return query.purity is None or not impure(purity, query.purity)

    def _again(
        self, query: Query, stand_in: StandIn, own: frozenset[int], price: float | None
    ) -> Iterator[Option]:
        """Options from the rows that are not in the index, or that the asker gets something from."""
        rows, local = self.local.model.rows, self.local
        mine = [r for r in own if rows.material[r] == stand_in.material]
        at = sorted({*self._elsewhere(stand_in.material).tolist(), *mine})
        for source in sources(local, query, stand_in, self.gives, at):
            for item in judged(local, query, source, price):
                if isinstance(item, Option):
                    yield item

    def _elsewhere(self, material: int) -> Ints:
        """Rows of a material that stand nowhere: pools."""
        at = self.local.rows_of(material) if self.local.model.network.materials.pool[material] else _NONE
        return at[np.isnan(self.local.model.rows.lat[at])]

    def _suppliers(self, plant: int) -> frozenset[int]:
        """Rows that deliver something to a plant now, and those it stands at itself."""
        model = self.local.model
        k = int(np.searchsorted(model.plants, plant))
        if plant == NOBODY or k == len(model.plants) or model.plants[k] != plant:
            return frozenset()
        out: set[int] = set()
        for row, _ in self.local.column(k):
            columns = self.local.arriving(row) if self.local.is_balance(row) else _NONE
            source = model.columns.source[columns[self.local.x[columns] > 0]]
            out |= {row, *source[source >= 0].tolist()}
        return frozenset(out)

    def _enter(self, material: int) -> None:
        """Enter the tranches of a material as offers, once."""
        if material in self._entered:
            return
        self._entered.add(material)
        rows, local = self.local.model.rows, self.local
        tranches: list[tuple[int, Tranche]] = []
        for row in local.rows_of(material).tolist():
            if not math.isnan(rows.lat[row]) and any(amount > 0 for _, amount in local.plants_at(row)):
                some = self.gives(local, row, NOBODY)
                tranches += [(row, t) for t in some if math.isfinite(t.cny)]
        self._tranche += tranches
        at = np.array([row for row, _ in tranches], dtype=np.int64)
        self.index.add(
            Offers(
                material=np.full(len(at), material, dtype=np.int64),
                quantity=np.array([t.quantity for _, t in tranches]),
                price=np.array([t.cny for _, t in tranches]),
                lat=rows.lat[at],
                lon=rows.lon[at],
                kind=np.array([ORDER.get(t.displaces, 4) for _, t in tranches], dtype=np.int64),
                held=np.array([bool(t.loser) for _, t in tranches], dtype=bool),
                group=at,
                name=[f"{t.who}\0{t.displaces}" for _, t in tranches],
            )
        )


def step_of(option: Option) -> Step:
    """An option as a step of a cover."""
    cost = option.delivered_cny_per_unit
    return Step(option.supplier, option.material, option.displaces, option.quantity, cost)


_NONE = np.zeros(0, dtype=np.int64)
