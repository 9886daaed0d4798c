"""The commands, each a few lines: open the city, call the use case, deliver, return the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from liantu import runs
from liantu.cli.options import City, Everything, Json, Lang, Out, Overwrite, Scenario, app, command, number
from liantu.cli.output import CommandError, Output, free_to_write, say, tell, workbook_name
from liantu.errors import InputError
from liantu.i18n import gettext as _
from liantu.i18n import gettext_noop as N_

__all__ = ["BAD_INPUT", "FINDINGS", "OK", "app"]

OK, FINDINGS, BAD_INPUT = 0, 1, 2


def open_city(city: Path, scenario: str) -> runs.City:
    """Read city and scenario, and tell the notices."""
    opened = runs.open_city(city, scenario)
    tell(opened.notices)
    return opened


@command(help=N_("Read a city and list every problem; test its recipes for conservation of elements."))
def check(
    city: City, lang: Lang = None, as_json: Json = False, out: Out = None, everything: Everything = False
) -> int:
    from liantu.report.check import check_json, check_report

    output = Output(city, as_json, out, everything)
    result = runs.check(city)
    output.deliver(lambda: check_json(result), lambda: check_report(result))
    return BAD_INPUT if result.errors else FINDINGS if result.broken else OK


@command(
    help=N_("Solve a city: what runs, what is shipped, what crosses the city line, what things are worth.")
)
def plan(
    city: City,
    scenario: Scenario = runs.BASE,
    gap: Annotated[
        float | None,
        typer.Option("--gap", min=0.0, metavar="SHARE", help=N_("Large networks: stop at this gap (1e-6).")),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds", min=0.0, metavar="N", help=N_("Large networks: begin no step after so long (1200).")
        ),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help=N_("Large networks: keep the state, go on from it.")),
    ] = None,
    method: Annotated[
        Literal["simplex", "first-order"],
        typer.Option(
            "--method",
            help=N_("How it is solved; first-order runs on a GPU where there is one, and ends at a gap."),
        ),
    ] = "simplex",
    lang: Lang = None,
    as_json: Json = False,
    out: Out = None,
    everything: Everything = False,
) -> int:
    from liantu.report.plan import plan_json, plan_report
    from liantu.report.terminal import step_told

    output = Output(city, as_json, out, everything)
    opened = open_city(city, scenario)
    result = runs.plan(opened, gap, seconds, state, step_told(), method)
    output.deliver(lambda: plan_json(result, opened), lambda: plan_report(result, opened))
    return FINDINGS if runs.findings(result) else OK


@command(help=N_("List the missing links: fill, extend, strengthen, each proved by solving again."))
def gaps(
    city: City,
    scenario: Scenario = runs.BASE,
    top: Annotated[
        int | None, typer.Option("--top", min=1, metavar="N", help=N_("Only the first N rows of each list."))
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
    out: Out = None,
    everything: Everything = False,
) -> int:
    from liantu.report.gaps import gaps_json, gaps_report
    from liantu.report.terminal import progress

    output = Output(city, as_json, out, everything)
    opened = open_city(city, scenario)
    with progress(_("Solving again")) as moved:
        result = runs.gaps(opened, progress=moved, top=top)
    output.deliver(lambda: gaps_json(result, opened), lambda: gaps_report(result, opened))
    return OK


@command(
    help=N_("Match a need with suppliers, or an offer with takers: cost, distance, link, and who loses.")
)
def match(
    city: City,
    need: Annotated[
        list[str] | None,
        typer.Option(
            "--need", metavar="MATERIAL", help=N_("Material that is wanted; repeat for several needs.")
        ),
    ] = None,
    offer: Annotated[
        str | None, typer.Option("--offer", metavar="MATERIAL", help=N_("Material that is offered."))
    ] = None,
    quantity: Annotated[
        list[float] | None,
        typer.Option(
            "--quantity", metavar="N", help=N_("Quantity a year in the material's unit, one for each need.")
        ),
    ] = None,
    at: Annotated[
        str, typer.Option("--at", metavar="ID", help=N_("Plant, candidate or park where it is."))
    ] = "",
    lat: Annotated[float | None, number("--lat", "DEG", N_("Latitude, where there is no --at."))] = None,
    lon: Annotated[float | None, number("--lon", "DEG", N_("Longitude, where there is no --at."))] = None,
    purity: Annotated[
        float | None,
        number("--purity", "SHARE", N_("Least purity that will do, or purity of the offer; 0 to 1.")),
    ] = None,
    top_price: Annotated[
        float | None, number("--top-price", "CNY", N_("Most that is paid a unit, delivered."))
    ] = None,
    floor_price: Annotated[
        float | None, number("--floor-price", "CNY", N_("Least that is taken a unit, net at the place."))
    ] = None,
    scenario: Scenario = runs.BASE,
    lang: Lang = None,
    as_json: Json = False,
    out: Out = None,
    everything: Everything = False,
) -> int:
    from liantu.report.match import match_json, match_report

    needs, quantities = need or [], quantity or []
    if bool(needs) == (offer is not None):
        raise CommandError(_("Give --need or --offer, one of the two."))
    if len(quantities) != max(len(needs), 1):
        raise CommandError(_("Give one --quantity for each --need or --offer."))
    output = Output(city, as_json, out, everything)
    opened = open_city(city, scenario)
    place = runs.Where(at, lat, lon)
    result: runs.Matched
    if offer is not None:
        result = runs.match_offer(opened, offer, quantities[0], place, purity, floor_price)
    else:
        wanted = list(zip(needs, quantities, strict=True))
        result = runs.match_needs(opened, wanted, place, purity, top_price)
    output.deliver(lambda: match_json(result, opened), lambda: match_report(result, opened))
    return FINDINGS if runs.uncovered(result) else OK


@command(
    help=N_("Choose which candidates to build together under capital, land, water, energy and emission room.")
)
def portfolio(
    city: City,
    capital: Annotated[float | None, number("--capital", "CNY", N_("Money to invest."))] = None,
    land: Annotated[float | None, number("--land", "HA", N_("Land for what is built."))] = None,
    water: Annotated[float | None, number("--water", "M3", N_("More fresh water a year than today."))] = None,
    energy: Annotated[
        float | None, number("--energy", "TCE", N_("More energy bought a year than today."))
    ] = None,
    co2: Annotated[float | None, number("--co2", "T", N_("More direct CO2 a year than today."))] = None,
    budget: Annotated[
        list[float] | None,
        typer.Option("--budget", metavar="CNY", help=N_("A point of the frontier; repeat for several.")),
    ] = None,
    runners_up: Annotated[
        int, typer.Option("--runners-up", metavar="N", help=N_("How many of the next best sets."))
    ] = 3,
    differ_by: Annotated[
        int, typer.Option("--differ-by", metavar="N", help=N_("In how many candidates each of them differs."))
    ] = 1,
    time_limit: Annotated[
        float,
        number("--time-limit", "SECONDS", N_("For all choices together; then the bound stays open."), 0.0),
    ] = 60.0,
    scenario: Scenario = runs.BASE,
    lang: Lang = None,
    as_json: Json = False,
    out: Out = None,
    everything: Everything = False,
) -> int:
    from liantu.report.portfolio import portfolio_json, portfolio_report
    from liantu.report.terminal import progress

    output = Output(city, as_json, out, everything)
    opened = open_city(city, scenario)
    room = runs.Rooms(capital, land, water, energy, co2)
    with progress(_("Choosing")) as moved:
        result = runs.portfolio(opened, room, runners_up, budget, differ_by, time_limit, moved)
    output.deliver(lambda: portfolio_json(result, opened), lambda: portfolio_report(result, opened))
    return OK


@command(
    help=N_("Account for a plan: local supply, use of waste, water, energy, carbon, value along chains.")
)
def accounts(
    city: City,
    scenario: Scenario = runs.BASE,
    lang: Lang = None,
    as_json: Json = False,
    out: Out = None,
    everything: Everything = False,
) -> int:
    from liantu.report.accounts import accounts_json, accounts_report

    output = Output(city, as_json, out, everything)
    opened = open_city(city, scenario)
    result = runs.accounts(opened)
    output.deliver(lambda: accounts_json(result, opened), lambda: accounts_report(result, opened))
    return OK


@command(help=N_("Compare two plans: where the difference comes from, by line, material, plant and chain."))
def compare(
    city: City,
    other: Annotated[
        list[str],
        typer.Argument(
            metavar="A [B]",
            help=N_("Two scenarios; or one, against the city as it is; or another city's DIR."),
        ),
    ],
    scenario: Scenario = runs.BASE,
    lang: Lang = None,
    as_json: Json = False,
    out: Out = None,
    everything: Everything = False,
) -> int:
    from liantu.report.compare import compare_json, compare_report

    output = Output(city, as_json, out, everything)
    if len(other) > 2:
        raise CommandError(_("Compare two scenarios at most."))
    if is_city(other[0]) and len(other) == 1:
        a, b = open_city(city, scenario), open_city(Path(other[0]), scenario)
    else:
        one, two = other if len(other) == 2 else (scenario, other[0])
        a, b = open_city(city, one), open_city(city, two)
    result = runs.compare(a, b)
    output.deliver(lambda: compare_json(result, a, b), lambda: compare_report(result, a, b))
    return OK


def is_city(word: str) -> bool:
    """Whether a word names a city rather than a scenario."""
    return Path(word).is_dir() or Path(word).suffix.lower() in (".xlsx", ".json")


@command(help=N_("Read the figures of Chinese reports, each with its place, period, subject and indicator."))
def read(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help=N_("Reports: txt, html, docx or PDF."))
    ],
    date: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help=N_("The reports' date, as 2025-11-07."))
    ] = None,
    words: Annotated[
        Path | None, typer.Option("--words", metavar="DIR", help=N_("A city's own words: docs/reading.md."))
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help=N_("The rule behind each field."))] = False,
    lang: Lang = None,
    as_json: Json = False,
    out: Out = None,
    everything: Everything = False,
) -> int:
    from liantu.reading import Reading, Refused
    from liantu.report.reading import reading_json, reading_report

    output = Output(files[0], as_json, out, everything)
    found: list[Reading] = []
    refused: list[Refused] = []
    try:
        for reading in runs.read(files, date, words):
            if isinstance(reading, Refused):
                refused.append(reading)
            else:
                found.append(reading)
    except ValueError as error:
        raise CommandError(_("--date: write it as 2025-11-07")) from error
    if not found:
        raise InputError(r.problem for r in refused)
    tell([r.problem for r in refused])
    output.deliver(
        lambda: reading_json(found, explain, refused), lambda: reading_report(found, explain, refused)
    )
    return FINDINGS if refused else OK


@command(help=N_("Write a city as a workbook (FILE.xlsx) or as a data package (a folder)."))
def convert(
    city: City,
    target: Annotated[Path, typer.Argument(metavar="TARGET", help=N_("FILE.xlsx, or a folder."))],
    overwrite: Overwrite = False,
    lang: Lang = None,
) -> int:
    free_to_write(target, city, overwrite)
    tables = runs.convert(city, target)
    say(_("%(name)s is written to %(target)s") % {"name": tables.name, "target": target})
    return OK


@command(help=N_("Write a copy of a city as a workbook in which every bad cell is coloured and explained."))
def mark(
    city: City,
    target: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=N_("The marked copy."))],
    overwrite: Overwrite = False,
    lang: Lang = None,
) -> int:
    workbook_name(target)
    free_to_write(target, city, overwrite)
    problems = runs.mark(city, target)
    errors = sum(p.severity == "error" for p in problems)
    from liantu.report.check import count_of_errors, count_of_notices

    notices = count_of_notices(len(problems) - errors)
    said = {"errors": count_of_errors(errors), "notices": notices, "target": target}
    say(_("%(errors)s and %(notices)s are marked in %(target)s") % said)
    return BAD_INPUT if errors else OK
