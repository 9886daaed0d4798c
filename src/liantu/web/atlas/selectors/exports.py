"""The drawing and its table to take along: an SVG that stands by itself, an XLSX; their source."""

from __future__ import annotations

import re
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from liantu.report.listing import Column, Fact, Listing, Quantity, Report
from liantu.report.workbook import write_report
from liantu.web.atlas.chainmap.graph import enterprise_of
from liantu.web.atlas.chainmap.parts import FIRST_ORDER, Filter, Flow
from liantu.web.atlas.city import City
from liantu.web.atlas.selectors.maps import ChainMap
from liantu.web.atlas.templatetags.city import place_name, word
from liantu.web.kit.lettering import width
from liantu.web.kit.naming import Named

TITLE, WIDE = 44.0, 900.0  # px: room for the title, the least width


def provenance(city: City) -> str:
    """Whose figures these are: city, scenario, run, data, date."""
    name = city.plan.scenario.name
    scenario = city.plan.scenario.title or (_("base scenario") if name == "base" else name)
    run = _("run %(run)s") % {"run": str(city.run.pk)[:8]} if city.run else _("no stored run")
    return _("%(city)s · %(scenario)s · %(run)s · data %(hash)s · %(date)s · liantu") % {
        "city": city.title,
        "scenario": scenario,
        "run": run,
        "hash": city.network.digest[:12],
        "date": date.today().isoformat(),
    }


def filter_words(city: City, wanted: Filter) -> list[tuple[str, str]]:
    """What the filter asks for, in words; empty for the whole city."""
    said = []
    if wanted.chain:
        said.append((_("Chain"), str(city.chain(wanted.chain))))
    if wanted.park:
        said.append((_("Park"), str(city.park(wanted.park))))
    if wanted.enterprise:
        said.append((_("Enterprise"), str(enterprise_of(city, wanted.enterprise))))
    if wanted.material:
        said.append((_("Material"), str(city.material(wanted.material))))
    if wanted.plant:
        said.append((_("Plant"), str(city.plant(wanted.plant))))
    if wanted.follow:
        way = {"both": _("up and down"), "up": _("upstream"), "down": _("downstream")}[wanted.direction]
        if wanted.to:
            way = _("to %(material)s") % {"material": city.material(wanted.to)}
        said.append((_("Follow"), f"{city.material(wanted.follow)} {way}"))
    return said


def title_of(city: City, wanted: Filter) -> str:
    """The heading of a drawing: the city and what is shown of it."""
    said = " · ".join(text for _name, text in filter_words(city, wanted))
    return f"{city.title} · {said or _('Chain map')}"


def svg_file(city: City, drawn: ChainMap) -> str:
    """The drawing as a file of its own: light colours written out, title, legend, source."""
    wide = max(WIDE, drawn.drawing.width)
    chains = _placed(drawn, wide)
    below = TITLE + drawn.drawing.height
    signs = below + 16
    first = signs + 22 * 3
    last = first + max((y for _chain, _x, y in chains), default=0.0)
    context = {
        "map": drawn,
        "drawing": drawn.drawing,
        "title": title_of(city, drawn.wanted),
        "note": provenance(city),
        "style": _style(),
        "wide": wide,
        "top": TITLE,
        "signs": signs,
        "chains": [(chain, x, first + y) for chain, x, y in chains],
        "note_y": last + 34,
        "tall": last + 50,
    }
    return render_to_string("atlas/export.svg", context)


def _placed(drawn: ChainMap, wide: float) -> list[tuple[Named, float, float]]:
    """The chains of the legend with their places, row by row."""
    out, x, y = [], 16.0, 0.0
    for chain in drawn.chains:
        need = 34 + width(str(chain), 12)
        if x + need > wide and x > 16:
            x, y = 16.0, y + 18
        out.append((chain, round(x, 1), y))
        x += need
    return out


@cache
def _style() -> str:
    """The style sheet of drawings with the light colours in place of its variables: other programs than a
    browser read no variables."""
    sheets = [_sheet("kit/liantu.css"), _sheet("kit/drawing.css")]
    light = {"--tblr-primary": "#066fd1"}  # of the frame around what has the focus
    for sheet in sheets:
        light |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", sheet.split("[data-bs-theme", 1)[0]))
    rules = sheets[1].split("/* drawing */", 1)[1].split("/* page */", 1)[0]
    return re.sub(r"var\((--[\w-]+)\)", lambda m: light[m[1]], rules)


def _sheet(name: str) -> str:
    return Path(str(finders.find(name))).read_text(encoding="utf-8")


def workbook(city: City, wanted: Filter, drawn: ChainMap) -> bytes:
    """The flows and the plants of the drawing, unrounded, as an XLSX."""
    facts = [Fact(name, text) for name, text in filter_words(city, wanted)]
    facts.append(Fact(_("Source"), provenance(city)))
    report = Report(title_of(city, wanted), facts, [_flows(drawn.flows), _plants(city, drawn)])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "map.xlsx"
        write_report(report, file)
        return file.read_bytes()


def _flows(flows: tuple[Flow, ...]) -> Listing:
    columns = [
        Column(_("Material")),
        Column(_("From")),
        Column(_("To")),
        Column(_("Quantity"), "quantity", "any"),
        Column(_("Mass"), "number", "t/y"),
        Column(_("Energy content"), "number", "tce/y"),
        Column(_("Value at local price"), "money", "CNY/y"),
        Column(_("Distance"), "number", "km"),
        Column(_("Link")),
        Column(_("Freight"), "money", "CNY/y"),
        Column(_("Kind")),
    ]
    kinds = {
        "main": _("product or feed"),
        "byproduct": _("by-product or waste put to use"),
        "utility": _("water, steam, gases"),
        "candidate": _("candidate"),
    }
    rows = [
        (
            str(f.material),
            str(place_name(f.source)),
            str(place_name(f.target)),
            Quantity(f.quantity, f"{f.unit}/y"),
            f.tonnes,
            f.tce,
            f.value,
            f.km,
            word(f.link),
            f.freight,
            kinds[f.kind],
        )
        for f in flows
    ]
    return Listing(_("Flows"), columns, rows)


def _plants(city: City, drawn: ChainMap) -> Listing:
    columns = [
        Column(_("Plant")),
        Column(_("Chain")),
        Column(_("Park")),
        Column(_("Enterprise")),
        Column(_("Main product")),
        Column(_("Activity"), "quantity", "any"),
        Column(_("Load"), "share"),
        Column(_("Bottleneck")),
        Column(_("Bought in")),
        Column(_("Dumped")),
        Column(_("Worth"), "money", "CNY/y"),
        Column(_("Basis of the worth")),
    ]
    rows = [
        (
            str(n.plant),
            str(city.chain(n.chain)) if n.chain else "",
            str(city.park(n.park)) if n.park else "",
            str(n.enterprise or ""),
            str(n.product or ""),
            Quantity(n.activity, f"{n.unit}/y") if n.unit else None,
            n.load,
            _("yes") if n.bottleneck else "",
            "、".join(map(str, n.bought)),
            "、".join(map(str, n.dumped)),
            n.worth.cny if n.worth else None,
            basis(n.worth.basis) if n.worth else "",
        )
        for n in (*drawn.graph.nodes, *drawn.graph.alone)
    ]
    return Listing(_("Plants"), columns, rows)


def basis(name: str) -> str:
    """What stands behind the worth of a candidate."""
    return _("first-order worth") if name == FIRST_ORDER else _("proved worth")
