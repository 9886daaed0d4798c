"""The city that a page shows: a stored run, read again without solving; the one door to the engine.

`shown(request)` is the run that the address names, else the one that is published; `current()` is the same
for templates. What was read is kept by run for a while: runs never change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from liantu import runs
from liantu.chain.accounts import Accounts, circular_accounts
from liantu.chain.gap_report import GapReport
from liantu.chain.match import Need, Offer, match_need, match_offer
from liantu.chain.match_types import MatchReport, OfferReport
from liantu.chain.network import Network
from liantu.chain.plan import Plan, PlantResult, Price, Shipment
from liantu.chain.recipes import RecipeTable, recipe_table
from liantu.data.tables import Tables
from liantu.report.names import Names
from liantu.web.atlas.datasets.selectors import tables_of
from liantu.web.atlas.models import DatasetVersion, Run
from liantu.web.atlas.runs import scenarios, selectors, stored
from liantu.web.jobs.models import Job
from liantu.web.kit import parameters
from liantu.web.kit.keep import Kept
from liantu.web.kit.naming import Named


@dataclass(frozen=True, eq=False)
class City:
    """Tables, network and solved plan, with the lists by plant and material that pages ask for."""

    opened: runs.City
    plan: Plan
    run: Run | None = None  # None: read from a path, in a test or a benchmark

    @property
    def version(self) -> DatasetVersion | None:
        """The version of the tables that the run is of."""
        return self.run.version if self.run else None

    def gaps(self) -> GapState:
        """The gaps of this plan, or how far they are."""
        return gaps_of(self.run) if self.run else GapState()

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
        need = Need(material, quantity, where.at, where.lat, where.lon, purity, price)
        return match_need(self.plan, need)

    def match_offer(
        self, material: str, quantity: float, where: runs.Where, purity: float | None, price: float | None
    ) -> OfferReport:
        """Who can take an offer. Raises InputError."""
        offer = Offer(material, quantity, where.at, where.lat, where.lon, purity, price)
        return match_offer(self.plan, offer)


@dataclass(frozen=True)
class GapState:
    """The gap report, or how far it is: `done` steps of `total`; `failed` where it won't come.

    `run` is the gap analysis, None where nobody asked for it.
    """

    report: GapReport | None = None
    done: int = 0
    total: int = 0
    failed: bool = False
    run: Run | None = None


class NoCityError(RuntimeError):
    """There is nothing to show yet: no data, or no plan. `run` is the plan that one waits for."""

    def __init__(self, run: Run | None = None) -> None:
        super().__init__("no plan is published")
        self.run = run


_cities: Kept[UUID, City] = Kept(size=6)
_gaps: Kept[UUID, GapReport] = Kept(size=12)
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def read_city(path: str | Path) -> City:
    """Read, check and solve the package at `path`. Raises InputError or SolverError."""
    opened = runs.open_city(path)
    return City(opened, runs.plan(opened))


def of_run(run: Run) -> City:
    """The city of a plan that is done. Raises StoredRunError where it can't be read any more."""
    return _cities.get(run.pk, lambda: _load(run))


def _load(run: Run) -> City:
    result = selectors.result_of(run)
    opened = scenarios.opened(run.scenario, tables_of(run.version))
    found = City(opened, stored.unpack_plan(opened.network, opened.scenario, bytes(result.stored)), run)
    _ = found.accounts  # every page of the atlas asks for them
    return found


def gaps_of(plan: Run) -> GapState:
    """The gaps of a plan that is done, or how far they are."""
    run = selectors.gaps_of(plan)
    if run is None:
        return GapState()
    if not run.is_done:
        job = run.job
        return GapState(done=job.done, total=job.total, failed=not job.active, run=run)
    return GapState(_gaps.get(run.pk, lambda: _load_gaps(run)), run=run)


def _load_gaps(run: Run) -> GapReport:
    return stored.unpack_record(GapReport, bytes(selectors.result_of(run).stored))


def published() -> City:
    """The city as it is shown to all. Raises NoCityError."""
    run = selectors.published()
    if run is None:
        raise NoCityError(selectors.pending())
    return of_run(run)


def shown(request: HttpRequest) -> City:
    """The city of the run that the address names, else the published one; once for each request.

    Raises NoCityError; Http404 for a run that the person may not open or that is no plan that is done.
    """
    found: City | None = getattr(request, "_city", None)
    if found is None:
        asked = parameters.text(request.GET, "run")
        found = of_run(_asked(request, asked)) if asked else published()
        request._city = found
    return found


def show(request: HttpRequest, run: Run) -> City:
    """The city of this run for the rest of the request, and for the links of its page."""
    found = of_run(run)
    request._city = found
    request._keeps_run = run != selectors.published()
    return found


def _asked(request: HttpRequest, text: str) -> Run:
    """A plan that the person may open; everybody may open one that was published."""
    try:
        key = UUID(text)
    except ValueError:
        raise Http404 from None
    done = {"pk": key, "kind": Run.Kind.PLAN, "job__status": Job.Status.DONE}
    run: Run | None = selectors.every().filter(publications__isnull=False, **done).first()
    run = run or selectors.visible(request.user).filter(**done).first()
    if run is None:
        raise Http404(_("There is no such plan."))
    return run


@contextmanager
def serving(request: HttpRequest) -> Iterator[None]:
    """Within, `current` is the city of this request."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def current() -> City:
    """The city of the request that is being answered; outside of one, the published city."""
    request = _request.get()
    return shown(request) if request is not None else published()


get = current  # as views named it that knew one city


def forget() -> None:
    """Let go of everything that was kept in memory."""
    _cities.clear()
    _gaps.clear()
