"""Pages of the city, each: what is asked for, what there is, render."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from liantu.web.atlas import city as provider
from liantu.web.atlas.selectors import circular, gap_lists, maps, materials, plans, plants
from liantu.web.atlas.selectors import sources as sources_of
from liantu.web.kit import parameters


def chain_map(request: HttpRequest) -> HttpResponse:
    """The chain map as a drawing and as a table."""
    city = provider.get()
    labels = parameters.choice(request.GET, "labels", ("0", "1"))
    context = {
        "map": maps.chain_map(city, maps.read_filter(request.GET, city), labels),
        "fit": parameters.choice(request.GET, "size", ("fit", "full"), "full") == "fit",
        "chains": maps.chains_with_plants(city),
        "parks": maps.parks_with_plants(city),
        "materials": maps.shipped_materials(city),
        "labels": labels,
    }
    return render(request, "atlas/map.html", context)


def plant_list(request: HttpRequest) -> HttpResponse:
    """All plants, or the candidates."""
    city = provider.get()
    found = plants.plant_list(request.GET, city)
    context = {
        "list": found,
        "sort": found.sort,
        "chains": [city.chain(c) for c in city.network.chains],
        "parks": [city.park(p) for p in city.network.parks],
    }
    return render(request, "atlas/plants.html", context)


def plant(request: HttpRequest, plant: str) -> HttpResponse:
    """One plant or candidate: recipe, flows, prices."""
    city = provider.get()
    page = plants.plant_page(city, plant)
    if page is None:
        raise Http404(_("No plant is called “%(name)s”.") % {"name": plant[:60]})
    context: dict[str, object] = {"page": page}
    if page.candidate:
        context["gaps"] = provider.gaps()
        context["gap"] = gap_lists.proof_of_candidate(provider.gaps().report, plant)
    elif page.row.result:
        context["map"] = maps.chain_map(city, maps.around(plant), "1")
    return render(request, "atlas/plant.html", context)


def material_list(request: HttpRequest) -> HttpResponse:
    """All materials."""
    city = provider.get()
    found = materials.material_list(request.GET, city)
    kinds = sorted(set(city.network.materials.kind) - {""})
    return render(request, "atlas/materials.html", {"list": found, "sort": found.sort, "kinds": kinds})


def material(request: HttpRequest, material: str) -> HttpResponse:
    """One material: who makes and uses it, at which price, and the way up and down."""
    city = provider.get()
    page = materials.material_page(city, material)
    if page is None:
        raise Http404(_("No material is called “%(name)s”.") % {"name": material[:60]})
    drawn = maps.chain_map(city, maps.of_material(material), "1") if page.shipments else None
    return render(request, "atlas/material.html", {"page": page, "map": drawn})


def plan(request: HttpRequest) -> HttpResponse:
    """The plan: its value and certificate, the caps, what crosses the city line, who earns."""
    city = provider.get()
    context = {
        "plan": city.plan,
        "findings": plans.findings(city),
        "caps": plans.caps(city),
        "crossings": plans.city_crossings(city),
        "by_chain": plans.margins_by_chain(city),
        "by_enterprise": plans.margins_by_enterprise(city),
    }
    return render(request, "atlas/plan.html", context)


def prices(request: HttpRequest) -> HttpResponse:
    """Every local price."""
    city = provider.get()
    found = plans.price_list(request.GET, city)
    context = {
        "list": found,
        "sort": found.sort,
        "materials": maps.priced_materials(city),
        "exact": city.plan.intervals.exact,
    }
    return render(request, "atlas/prices.html", context)


def gaps(request: HttpRequest) -> HttpResponse:
    """The three lists; while they are computed, how far they are."""
    name = parameters.choice(request.GET, "list", gap_lists.LISTS, "fill")
    everything = parameters.flag(request.GET, "all")
    state = provider.gaps()
    if state.report is None:
        return render(request, "atlas/gaps_wait.html", {"state": state}, status=200)
    rows = gap_lists.rows_of(state.report, name)
    shown = rows if everything else gap_lists.paying(rows)
    context = {"report": state.report, "name": name, "rows": shown, "total": len(rows), "all": everything}
    return render(request, "atlas/gaps.html", context)


def proof(request: HttpRequest, proof: str) -> HttpResponse:
    """What rises and falls when a set of candidates is built."""
    state = provider.gaps()
    if state.report is None:
        return render(request, "atlas/gaps_wait.html", {"state": state}, status=200)
    page = gap_lists.proof_page(state.report, proof)
    if page is None:
        raise Http404(_("No proof is called “%(name)s”.") % {"name": proof[:60]})
    return render(request, "atlas/proof.html", {"page": page, "report": state.report})


def circular_accounts(request: HttpRequest) -> HttpResponse:
    """Local supply, by-products, water, energy, carbon, value along the chains."""
    return render(request, "atlas/circular.html", {"page": circular.circular_page(provider.get().accounts)})


def sources(request: HttpRequest) -> HttpResponse:
    """Where the figures come from, and how good they are."""
    tables = provider.get().tables
    context = {"sources": tables["sources"].to_dicts(), "tables": sources_of.table_sizes(tables)}
    return render(request, "atlas/sources.html", context)
