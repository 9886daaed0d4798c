"""The four views of one filter: chain map, Sankey, map, table; and what of them can be taken along."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.city import City
from liantu.web.atlas.outline import OutlineError, OutlineProblem, outline_of
from liantu.web.atlas.selectors import exports, flow_lists, maps
from liantu.web.atlas.selectors import geo as geography
from liantu.web.atlas.selectors import sankey as diagrams
from liantu.web.kit import parameters
from liantu.web.kit.charts import Diagram

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

OWN = {  # what each view alone asks for
    "map": ("candidates", "layers", "size", "labels"),
    "map-sankey": ("group", "outside"),
    "map-geo": ("level",),
    "map-table": (),
}
LESS_ASKED = ("direction", "depth", "to", "layers", "size", "labels", "outside", "utilities")


@page(Permission.ATLAS_READ)
def chain_map(request: HttpRequest) -> HttpResponse:
    """The chain map as a drawing and as a table."""
    city = provider.shown(request)
    drawn = _drawn(request, city)
    labels = parameters.choice(request.GET, "labels", ("0", "1"))
    context = _context(request, city, drawn.wanted, "map") | {
        "map": drawn,
        "fit": parameters.choice(request.GET, "size", ("fit", "full"), "full") == "fit",
        "labels": labels,
    }
    return render(request, "atlas/map.html", context)


@page(Permission.ATLAS_READ)
def sankey(request: HttpRequest) -> HttpResponse:
    """The flows of the filter as a Sankey diagram."""
    city = provider.shown(request)
    wanted = maps.read_filter(request.GET, city)
    group = parameters.choice(request.GET, "group", diagrams.GROUPS, "chain" if wanted.whole else "plant")
    outside = parameters.flag(request.GET, "outside")
    made = diagrams.sankey(city, wanted, group, outside)
    title = exports.title_of(city, wanted)
    context = _context(request, city, wanted, "map-sankey") | {
        "sankey": made,
        "group": group,
        "outside": outside,
        "chart": Diagram("sankey", title, made.spec, note=exports.provenance(city)),
    }
    return render(request, "atlas/sankey.html", context)


@page(Permission.ATLAS_READ)
def geo(request: HttpRequest) -> HttpResponse:
    """Parks or plants where they stand, with the flows of the filter between them."""
    city = provider.shown(request)
    wanted = maps.read_filter(request.GET, city)
    level = parameters.choice(request.GET, "level", geography.LEVELS, "park")
    outline = None
    problems: tuple[OutlineProblem, ...] = ()
    try:
        outline = outline_of(city)
    except OutlineError as error:
        problems = error.problems
    made = geography.geo_map(city, wanted, level, outline)
    title = exports.title_of(city, wanted)
    context = _context(request, city, wanted, "map-geo") | {
        "geo": made,
        "level": level,
        "problems": problems,
        "chart": Diagram("geo", title, made.spec, note=exports.provenance(city)),
    }
    return render(request, "atlas/geo.html", context)


@page(Permission.ATLAS_READ)
def table(request: HttpRequest) -> HttpResponse:
    """The flows of the filter as a list that sorts and searches."""
    city = provider.shown(request)
    wanted = maps.read_filter(request.GET, city)
    found = flow_lists.flow_list(request.GET, city, wanted, city.gaps().report)
    context = _context(request, city, wanted, "map-table") | {"list": found, "sort": found.sort}
    return render(request, "atlas/map_table.html", context)


@page(Permission.ATLAS_READ)
def svg(request: HttpRequest) -> HttpResponse:
    """The chain map as a file of its own."""
    city = provider.shown(request)
    answer = HttpResponse(exports.svg_file(city, _drawn(request, city)), content_type="image/svg+xml")
    return _attached(answer, city, "svg")


@page(Permission.ATLAS_READ)
def xlsx(request: HttpRequest) -> HttpResponse:
    """The flows and plants of the filter as a workbook."""
    city = provider.shown(request)
    drawn = _drawn(request, city)
    answer = HttpResponse(exports.workbook(city, drawn.wanted, drawn), content_type=XLSX)
    return _attached(answer, city, "xlsx")


def _drawn(request: HttpRequest, city: City) -> maps.ChainMap:
    labels = parameters.choice(request.GET, "labels", ("0", "1"))
    layers = parameters.choice(request.GET, "layers", ("stage", "flow"), "stage")
    wanted = maps.read_filter(request.GET, city)
    return maps.chain_map(city, wanted, labels, city.gaps().report, layers == "stage")


def _context(request: HttpRequest, city: City, wanted: maps.Filter, view: str) -> dict[str, object]:
    """What the form of the filter needs; `kept` is what it carries on for the other views."""
    others = {name for other, names in OWN.items() if other != view for name in names}
    kept = [(name, request.GET[name]) for name in sorted(others | {"run", "plant"}) if request.GET.get(name)]
    opened = any(request.GET.get(name) for name in LESS_ASKED)
    return {"wanted": wanted, "choices": maps.choices(city), "opened": opened, "kept": kept, "view": view}


def _attached(answer: HttpResponse, city: City, ending: str) -> HttpResponse:
    name = "".join(c for c in city.title.id if c.isascii() and (c.isalnum() or c in "-_")) or "city"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-chain-map.{ending}"'
    return answer
