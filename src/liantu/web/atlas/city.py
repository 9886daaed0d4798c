"""The city that is shown: read and solved once when the server starts, and the one door to the engine.

The plan is there before the first page is answered. The gaps take longer and are computed in a thread of
their own; until they are ready, `gaps()` says how far they are.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from liantu import runs
from liantu.chain.accounts import Accounts, circular_accounts
from liantu.chain.gap_report import GapReport
from liantu.chain.match_types import MatchReport, OfferReport
from liantu.chain.network import Network
from liantu.chain.plan import Plan, PlantResult, Price, Shipment
from liantu.chain.recipes import RecipeTable, recipe_table
from liantu.data.tables import Tables
from liantu.report.names import Names
from liantu.web.kit.naming import Named

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class City:
    """Tables, network and solved plan, with the lists by plant and material that pages ask for."""

    opened: runs.City
    plan: Plan

    @property
    def tables(self) -> Tables:
        return self.opened.tables

    @property
    def network(self) -> Network:
        return self.opened.network

    @property
    def title(self) -> Named:
        return Named(self.tables.name, self.tables.title_zh, self.tables.title_en)

    @cached_property
    def names(self) -> Names:
        """What things are called in the language of the page."""
        return Names(self.network)

    @cached_property
    def results(self) -> Mapping[str, PlantResult]:
        """What the plan says of each plant that is open."""
        return {p.id: p for p in self.plan.plants}

    @cached_property
    def prices(self) -> Mapping[tuple[str, str], Price]:
        """Local prices by (material, place)."""
        return {(p.material, p.place): p for p in self.plan.prices}

    @cached_property
    def accounts(self) -> Accounts:
        """The circular accounts of the plan."""
        return circular_accounts(self.plan)

    def price_at(self, material: str, place: str) -> Price | None:
        """The local price at a plant, at its park's pool or at the city's pool; None where there is none."""
        f = self.network.plants.index.get(place, -1)
        park = f"park:{self.network.plants.park[f]}" if f >= 0 else ""
        for name in (place, park, "city"):
            if (material, name) in self.prices:
                return self.prices[material, name]
        return None

    def plant(self, name: str) -> Named:
        n = self.network.plants
        i = n.index[name]
        return Named(name, n.name_zh[i], n.name_en[i])

    def material(self, name: str) -> Named:
        n = self.network.materials
        i = n.index[name]
        return Named(name, n.name_zh[i], n.name_en[i])

    def recipe(self, name: str) -> Named:
        n = self.network.recipes
        i = n.index[name]
        return Named(name, n.name_zh[i], n.name_en[i])

    def chain(self, name: str) -> Named:
        zh, en, _ = self.network.chains.get(name, (name, name, ""))
        return Named(name, zh, en)

    def park(self, name: str) -> Named:
        zh, en, *_ = self.network.parks.get(name, (name, name, 0.0, 0.0))
        return Named(name, zh, en)

    def demand(self, name: str) -> Named:
        """A committed demand, which the plan names demand:ID."""
        key = name.removeprefix("demand:")
        rows = self.tables["demands"].rows_by_key("id", named=True, unique=True)
        row = rows.get(key, {})
        return Named(name, row.get("name_zh") or key, row.get("name_en") or key)

    def chain_of(self, plant: str) -> str:
        n = self.network
        return n.recipes.chain[n.plants.recipe[n.plants.index[plant]]]

    def unit(self, material: str) -> str:
        m = self.network.materials
        return m.unit[m.index[material]]

    def shipments_of(self, material: str) -> list[Shipment]:
        return [s for s in self.plan.shipments if s.material == material]

    def recipe_table(self, recipe: str) -> RecipeTable:
        """The recipe with its elements."""
        return recipe_table(self.tables, recipe)

    def match_need(
        self, material: str, quantity: float, where: runs.Where, purity: float | None, price: float | None
    ) -> MatchReport:
        """Who can supply a need. Raises InputError."""
        report = runs.match_needs(self.opened, [(material, quantity)], where, purity, price)
        assert isinstance(report, MatchReport)  # one need, one report
        return report

    def match_offer(
        self, material: str, quantity: float, where: runs.Where, purity: float | None, price: float | None
    ) -> OfferReport:
        """Who can take an offer. Raises InputError."""
        return runs.match_offer(self.opened, material, quantity, where, purity, price)


def read_city(path: str | Path) -> City:
    """Read, check and solve the package at `path`. Raises InputError or SolverError."""
    opened = runs.open_city(path)
    return City(opened, runs.plan(opened))


class CityNotLoadedError(RuntimeError):
    """A page was asked for before a data package was given."""


@dataclass(frozen=True)
class GapState:
    """The gap report, or how far it is: `done` steps of `total`; `failed` where the solver broke down."""

    report: GapReport | None = None
    done: int = 0
    total: int = 0
    failed: bool = False


class _StoppedError(Exception):
    """The server stops; nobody waits for the gaps any more."""


@dataclass
class _Shown:
    """A city with what is being computed of it."""

    city: City
    gaps: GapState = field(default_factory=GapState)
    thread: threading.Thread | None = None


class Provider:
    """Holds the city that this process shows; loaded under a lock, then only read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: dict[str, _Shown] = {}  # by path; a server has one
        self._shown: _Shown | None = None
        self._stopping = threading.Event()

    def load(self, path: str | Path) -> City:
        """Show the city at `path`: read and solve it where that is not done yet, and start on its gaps."""
        with self._lock:
            if str(path) not in self._loaded:
                shown = _Shown(read_city(path))
                _ = shown.city.accounts  # every page of the atlas asks for them
                shown.thread = threading.Thread(target=self._find_gaps, args=(shown,), daemon=True)
                shown.thread.start()
                self._loaded[str(path)] = shown
            self._shown = self._loaded[str(path)]
            return self._shown.city

    def get(self) -> City:
        """The city that is shown. Raises CityNotLoadedError before there is one."""
        return self._current().city

    def gaps(self) -> GapState:
        """The gaps of the city that is shown, or how far they are."""
        return self._current().gaps

    def wait_for_gaps(self, seconds: float) -> GapState:
        """The gaps once they are there, or what there is after so many seconds."""
        shown = self._current()
        if shown.thread is not None:
            shown.thread.join(seconds)
        return shown.gaps

    def stop(self, seconds: float) -> None:
        """Give up computing; back when the solver has let go, or after so many seconds."""
        self._stopping.set()
        for shown in self._loaded.values():
            if shown.thread is not None:
                shown.thread.join(seconds)

    def _current(self) -> _Shown:
        if self._shown is None:
            raise CityNotLoadedError("no city is loaded: set LIANTU_DATASET, or start with `liantu serve`")
        return self._shown

    def _find_gaps(self, shown: _Shown) -> None:
        def moved(done: int, total: int, *_name: str) -> None:
            if self._stopping.is_set():
                raise _StoppedError
            shown.gaps = GapState(done=done, total=total)

        try:
            shown.gaps = GapState(runs.gaps(shown.city.opened, moved))
        except _StoppedError:
            return
        except Exception:
            log.exception("the gaps could not be computed")
            shown.gaps = GapState(failed=True)


_provider = Provider()
load = _provider.load
get = _provider.get
gaps = _provider.gaps
wait_for_gaps = _provider.wait_for_gaps
stop = _provider.stop
