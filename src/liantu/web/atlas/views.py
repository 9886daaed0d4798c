"""Pages of the city, each: what is asked for, what there is, render."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.selectors import circular, gap_lists, maps, materials, plans, plants, recipes
from liantu.web.atlas.selectors import sources as sources_of
from liantu.web.kit import parameters


@page(Permission.ATLAS_READ)
def plant_list(request: HttpRequest) -> HttpResponse:
    """All plants, or the candidates."""
    city = provider.shown(request)
    found = plants.plant_list(request.GET, city)
    context = {
        "list": found,
        "sort": found.sort,
        "chains": [city.chain(c) for c in city.network.chains],
        "parks": [city.park(p) for p in city.network.parks],
    }
    return render(request, "atlas/plants.html", context)


@page(Permission.ATLAS_READ)
def plant(request: HttpRequest, plant: str) -> HttpResponse:
    """One plant or candidate: recipe, flows, prices."""
    city = provider.shown(request)
    found = plants.plant_page(city, plant)
    if found is None:
        raise Http404(_("No plant is called “%(name)s”.") % {"name": plant[:60]})
    context: dict[str, object] = {"page": found}
    if found.candidate:
        context["gaps"] = state = city.gaps()
        context["gap"] = gap_lists.proof_of_candidate(state.report, plant)
    elif found.row.result:
        context["map"] = maps.chain_map(city, maps.around(plant), "1")
    return render(request, "atlas/plant.html", context)


@page(Permission.ATLAS_READ)
def recipe(request: HttpRequest, recipe: str) -> HttpResponse:
    """One recipe: what goes in and out with its elements, and the plants that run it."""
    found = recipes.recipe_page(provider.shown(request), recipe)
    if found is None:
        raise Http404(_("No recipe is called “%(name)s”.") % {"name": recipe[:60]})
    return render(request, "atlas/recipe.html", {"page": found})


@page(Permission.ATLAS_READ)
def material_list(request: HttpRequest) -> HttpResponse:
    """All materials."""
    city = provider.shown(request)
    found = materials.material_list(request.GET, city)
    kinds = sorted(set(city.network.materials.kind) - {""})
    return render(request, "atlas/materials.html", {"list": found, "sort": found.sort, "kinds": kinds})


@page(Permission.ATLAS_READ)
def material(request: HttpRequest, material: str) -> HttpResponse:
    """One material: who makes and uses it, at which price, and the way up and down."""
    city = provider.shown(request)
    found = materials.material_page(city, material)
    if found is None:
        raise Http404(_("No material is called “%(name)s”.") % {"name": material[:60]})
    drawn = maps.chain_map(city, maps.of_material(material), "1") if found.shipments else None
    return render(request, "atlas/material.html", {"page": found, "map": drawn})


@page(Permission.ATLAS_READ)
def plan(request: HttpRequest) -> HttpResponse:
    """The plan: its value and certificate, the caps, what crosses the city line, who earns."""
    city = provider.shown(request)
    context = {
        "plan": city.plan,
        "findings": plans.findings(city),
        "caps": plans.caps(city),
        "crossings": plans.city_crossings(city),
        "by_chain": plans.margins_by_chain(city),
        "by_enterprise": plans.margins_by_enterprise(city),
    }
    return render(request, "atlas/plan.html", context)


@page(Permission.ATLAS_READ)
def prices(request: HttpRequest) -> HttpResponse:
    """Every local price."""
    city = provider.shown(request)
    found = plans.price_list(request.GET, city)
    context = {
        "list": found,
        "sort": found.sort,
        "materials": maps.priced_materials(city),
        "exact": city.plan.intervals.exact,
    }
    return render(request, "atlas/prices.html", context)


@page(Permission.ATLAS_READ)
def gaps(request: HttpRequest) -> HttpResponse:
    """The three lists; while they are computed, how far they are."""
    name = parameters.choice(request.GET, "list", gap_lists.LISTS, "fill")
    everything = parameters.flag(request.GET, "all")
    state = provider.shown(request).gaps()
    if state.report is None:
        return render(request, "atlas/gaps_wait.html", {"state": state}, status=200)
    rows = gap_lists.rows_of(state.report, name)
    shown = rows if everything else gap_lists.paying(rows)
    context = {"report": state.report, "name": name, "rows": shown, "total": len(rows), "all": everything}
    return render(request, "atlas/gaps.html", context)


@page(Permission.ATLAS_READ)
def proof(request: HttpRequest, proof: str) -> HttpResponse:
    """What rises and falls when a set of candidates is built."""
    state = provider.shown(request).gaps()
    if state.report is None:
        return render(request, "atlas/gaps_wait.html", {"state": state}, status=200)
    found = gap_lists.proof_page(state.report, proof)
    if found is None:
        raise Http404(_("No proof is called “%(name)s”.") % {"name": proof[:60]})
    return render(request, "atlas/proof.html", {"page": found, "report": state.report})


@page(Permission.ATLAS_READ)
def circular_accounts(request: HttpRequest) -> HttpResponse:
    """Local supply, by-products, water, energy, carbon, value along the chains."""
    accounts = provider.shown(request).accounts
    return render(request, "atlas/circular.html", {"page": circular.circular_page(accounts)})


@page(Permission.ATLAS_READ)
def sources(request: HttpRequest) -> HttpResponse:
    """Where the figures come from, and how good they are."""
    tables = provider.shown(request).tables
    context = {"sources": tables["sources"].to_dicts(), "tables": sources_of.table_sizes(tables)}
    return render(request, "atlas/sources.html", context)
