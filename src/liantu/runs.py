"""The use cases, a table of contents: each verb of the command line and of the web is one function here.

A city is a path: a folder with datapackage.json, a folder of CSVs, or a workbook. A scenario is a file,
a name in the city's `scenarios` folder, or 'base'. The engine of a verb is imported when it is called,
so that a verb costs no more than it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from liantu.errors import InputError, Problem

if TYPE_CHECKING:
    from liantu.chain.accounts import Accounts
    from liantu.chain.compare import Comparison
    from liantu.chain.gap_report import GapReport
    from liantu.chain.match_types import JointReport, MatchReport, OfferReport
    from liantu.chain.materials import CompositionFinding
    from liantu.chain.network import Network
    from liantu.chain.plan import Plan
    from liantu.chain.portfolio_result import PortfolioResult
    from liantu.chain.recipes import RecipeBalance
    from liantu.chain.scenario import Scenario
    from liantu.data.tables import Tables
    from liantu.ledger.catalogue import Catalogue
    from liantu.ledger.files import Checked
    from liantu.reading import Reading, Refused

    Matched = MatchReport | OfferReport | JointReport

Progress = Callable[..., None]
"""Called with steps done and steps in all, perhaps with the name of the step."""
Method = Literal["simplex", "first-order"]
Steps = Callable[[str, float, float], None]
"""Called after each step with its name and both bounds, CNY a year."""
BASE = "base"
"""The city as its tables have it."""


@dataclass(frozen=True)
class City:
    """A city that was read: its tables, and the network and scenario that a run is about."""

    tables: Tables
    scenario: Scenario
    network: Network
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Check:
    """What reading and checking a city found. `tables` is None where an error refuses them.

    Errors refuse the city; notices are what the reader did and says; recipes hold an element each;
    compositions are materials whose stated composition is not that of their formula.
    """

    path: str
    tables: Tables | None
    problems: tuple[Problem, ...]
    recipes: tuple[RecipeBalance, ...] = ()
    compositions: tuple[CompositionFinding, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that refuse the city."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def broken(self) -> tuple[RecipeBalance, ...]:
        """Elements that a recipe makes or loses without a reason."""
        return tuple(r for r in self.recipes if r.verdict == "broken")


@dataclass(frozen=True)
class Finding:
    """What a plan says that somebody has to look at: shortage, cap_exceeded, broken_recipe or certificate."""

    code: str
    subject: str = ""  # material, cap or recipe
    place: str = ""
    quantity: float = 0.0
    limit: float = 0.0
    unit: str = ""


def check(path: str | Path) -> Check:
    """Read a city and test its recipes for conservation of elements. Never raises for what it holds."""
    from liantu.chain.materials import check_compositions
    from liantu.chain.recipes import check_recipes
    from liantu.data.tables import inspect_tables

    inspection = inspect_tables(path)
    if inspection.tables is None:
        return Check(str(path), None, inspection.problems)
    try:
        recipes = check_recipes(inspection.tables)
    except InputError as error:
        return Check(str(path), None, (*inspection.problems, *error.problems))
    compositions = check_compositions(inspection.tables)
    return Check(str(path), inspection.tables, inspection.problems, recipes, compositions)


def open_city(path: str | Path, scenario: str = BASE) -> City:
    """Read a city and a scenario of it. Raises InputError with all problems of the one that fails first."""
    from liantu.chain.network_build import build_network
    from liantu.chain.scenario import Scenario
    from liantu.data.tables import inspect_tables

    inspection = inspect_tables(path)
    if inspection.tables is None:
        raise InputError(inspection.errors)
    if scenario == BASE:
        return City(inspection.tables, Scenario(), build_network(inspection.tables), inspection.notices)
    from liantu.chain.scenario_file import find_scenario, inspect_scenario, with_candidates

    chosen, problems = inspect_scenario(find_scenario(scenario, path), inspection.tables)
    if chosen is None:
        raise InputError(p for p in problems if p.severity == "error")
    network = build_network(with_candidates(inspection.tables, chosen))
    return City(inspection.tables, chosen, network, (*inspection.notices, *problems))


def plan(
    city: City,
    gap: float | None = None,
    seconds: float | None = None,
    saved: Path | None = None,
    progress: Steps | None = None,
    method: Method = "simplex",
) -> Plan:
    """Solve the scenario of a city, by the simplex method or by the first-order one (`chain.first_order`).

    The rest is for a network with too many pairs to list, which is solved step by step (`chain.regions`):
    the gap to reach, seconds after which no step begins, a file to keep the state in and to go on from, and
    what is called after each step with its name and both bounds.
    """
    from liantu.chain.plan import make_plan, read_plan
    from liantu.chain.scale import may_be_large, solve_large

    if method == "first-order":
        from liantu.chain.first_order import Effort, solve_first_order

        effort = Effort()
        effort = replace(effort, goal=effort.goal if gap is None else gap, seconds=seconds or effort.seconds)
        return read_plan(*solve_first_order(city.network, city.scenario, effort))
    if not may_be_large(city.network):
        return make_plan(city.network, city.scenario)
    from liantu.chain.regions import Limits
    from liantu.chain.sweep import crew

    usual = Limits()
    limits = replace(
        usual,
        goal=usual.goal if gap is None else gap,
        seconds=usual.seconds if seconds is None else seconds,
    )
    with crew() as executor:
        how = partial(solve_large, limits=limits, executor=executor, progress=progress, saved=saved)
        return make_plan(city.network, city.scenario, how)


def plans(cities: Sequence[City]) -> Iterator[Plan]:
    """Solve the scenarios of cities, in their order, spread over processes where that pays: over the cluster
    that LIANTU_DASK names, or over the cores here."""
    from liantu.chain.sweep_plans import make_plans

    return make_plans([(city.network, city.scenario) for city in cities])


def findings(plan: Plan) -> tuple[Finding, ...]:
    """Shortages, exceeded caps, plants that run a recipe that does not balance, and a certificate that does
    not hold: what makes the exit code 1."""
    materials = plan.network.materials
    out = [
        Finding(
            "shortage",
            c.material,
            c.place,
            c.quantity,
            unit=f"{materials.unit[materials.index[c.material]]}/y",
        )
        for c in plan.shortages
    ]
    out += [
        Finding("cap_exceeded", c.id, quantity=c.used, limit=c.limit, unit=c.unit)
        for c in plan.caps
        if c.exceeded
    ]
    broken = plan.network.recipes.broken
    out += [
        Finding("broken_recipe", p.recipe, p.id) for p in plan.plants if p.activity > 0 and p.recipe in broken
    ]
    return tuple(out) if plan.certificate.holds else (*out, Finding("certificate"))


def gaps(city: City, progress: Progress | None = None, top: int | None = None) -> GapReport:
    """The missing links of a city: fill, extend, strengthen. Raises SolverError."""
    from liantu.chain.gaps import find_gaps

    return find_gaps(city.network, city.scenario, progress, top)


@dataclass(frozen=True)
class Where:
    """A place: the id of a plant, candidate or park, else latitude and longitude in degrees."""

    at: str = ""
    lat: float | None = None
    lon: float | None = None


def match_needs(
    city: City,
    wanted: Sequence[tuple[str, float]],
    where: Where,
    purity: float | None = None,
    top_price: float | None = None,
) -> MatchReport | JointReport:
    """Match one need, or several at one place together: (material, quantity a year) of each.

    Raises InputError for unknown names and figures that can't be.
    """
    from liantu.chain.match import Need, match_need
    from liantu.chain.match import match_needs as together

    needs = [Need(m, q, where.at, where.lat, where.lon, purity, top_price) for m, q in wanted]
    solved = plan(city)
    return match_need(solved, needs[0]) if len(needs) == 1 else together(solved, needs)


def match_offer(
    city: City,
    material: str,
    quantity: float,
    where: Where,
    purity: float | None = None,
    floor_price: float | None = None,
) -> OfferReport:
    """Find takers for an offer. Raises InputError for unknown names and figures that can't be."""
    from liantu.chain.match import Offer
    from liantu.chain.match import match_offer as find

    return find(plan(city), Offer(material, quantity, where.at, where.lat, where.lon, purity, floor_price))


def uncovered(report: Matched) -> bool:
    """Whether the city can't cover a need, or can't take all of an offer: what makes the exit code 1."""
    from liantu.chain.match_types import JointReport, MatchReport

    if isinstance(report, JointReport):
        return any(uncovered(part) for part in report.reports)
    cover = report.cheapest if isinstance(report, MatchReport) else report.best
    return cover.shortfall > 1e-9 * (cover.quantity + cover.shortfall)


@dataclass(frozen=True)
class Rooms:
    """What a portfolio may take: CNY, ha, and a year m3, tce and t of CO2 above today; None: no more bound
    than the city caps."""

    capital: float | None = None
    land: float | None = None
    water: float | None = None
    energy: float | None = None
    co2: float | None = None


def portfolio(
    city: City,
    rooms: Rooms,
    runners_up: int = 3,
    budgets: Sequence[float] | None = None,
    differ_by: int = 1,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> PortfolioResult:
    """The candidates that are worth most together. Raises InputError for a bad room, SolverError."""
    from liantu.chain.portfolio import Room, choose_portfolio

    room = Room(rooms.capital, rooms.land, rooms.water, rooms.energy, rooms.co2)
    return choose_portfolio(
        city.network, city.scenario, room, runners_up, budgets, differ_by, time_limit, progress
    )


def accounts(city: City) -> Accounts:
    """The circular accounts of a city's plan: local supply, waste, water, energy, carbon, value."""
    from liantu.chain.accounts import circular_accounts

    return circular_accounts(plan(city))


def compare(a: City, b: City) -> Comparison:
    """Explain what the plan of b is worth more or less than that of a."""
    from liantu.chain.compare import compare_plans

    return compare_plans(*plans((a, b)))


def convert(path: str | Path, target: str | Path) -> Tables:
    """Write a city as a workbook where `target` ends in .xlsx, else as a data package in that folder.

    Raises InputError where the city can't be read, OSError where the target can't be written.
    """
    from liantu.data.excel_out import write_workbook
    from liantu.data.package_out import write_package
    from liantu.data.tables import read_tables

    tables = read_tables(path)
    if Path(target).suffix.lower() == ".xlsx":
        write_workbook(tables, target)
    else:
        write_package(tables, target)
    return tables


def mark(path: str | Path, target: str | Path) -> tuple[Problem, ...]:
    """Write a copy of a city as a workbook with its bad cells coloured; the problems. Raises OSError."""
    from liantu.data.mark import mark_workbook
    from liantu.data.tables import inspect_tables

    problems = inspect_tables(path).problems
    mark_workbook(path, problems, target)
    return problems


def read(
    files: Iterable[Path], date: str | None = None, words: Path | None = None
) -> Iterator[Reading | Refused]:
    """Propose the figures of reports (txt, html, docx, PDF), file after file; a refused one stops none.

    Raises ValueError where `date` has no year, OSError where `words` can't be read.
    """
    from liantu.reading import read_each

    return read_each(files, date=date, lexicon=words)


def check_figures(files: Sequence[Path], catalogue: Path, mapping: Path | None) -> tuple[Catalogue, Checked]:
    """Check the figures of files against each other. Raises InputError with every problem, OSError."""
    from liantu.ledger.catalogue_read import read_catalogue
    from liantu.ledger.files import check_files
    from liantu.ledger.mapping import read_mapping

    known = read_catalogue(catalogue)
    how = None if mapping is None else read_mapping(mapping.read_text(encoding="utf-8"), mapping.name)
    return known, check_files(files, known, how)
