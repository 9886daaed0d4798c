"""Chains, plants, materials, recipes and the chain map of a plan."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router

from liantu.report.machine import plain
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.api.chain_schemas import (
    Chain,
    ChainMap,
    MapAsked,
    Material,
    MaterialsAsked,
    MaterialWhole,
    Plant,
    PlantsAsked,
    PlantWhole,
)
from liantu.web.atlas.api.shown import Shown, city_of, finite
from liantu.web.atlas.chainmap.graph import select
from liantu.web.atlas.chainmap.parts import Filter
from liantu.web.atlas.city import City
from liantu.web.atlas.selectors import materials as material_selectors
from liantu.web.atlas.selectors import plants as plant_selectors
from liantu.web.kit.api import ApiError, Many, answers, window
from liantu.web.tokens.access import needs

router = Router(tags=["atlas"])
READ = needs(Permission.ATLAS_READ)


@router.get("/chains", auth=READ, response=answers(list[Chain], 404, 409), summary="The chains")
def chains(request: HttpRequest, asked: Query[Shown]) -> list[dict[str, Any]]:
    """Every chain and sub-chain of the version; the list is data, not code."""
    found = city_of(request).network.chains
    return [
        {"id": key, "name_zh": zh, "name_en": en, "parent": parent or ""}
        for key, (zh, en, parent) in found.items()
    ]


@router.get("/plants", auth=READ, response=answers(Many[Plant], 404, 409), summary="Plants and candidates")
def plants(request: HttpRequest, asked: Query[PlantsAsked]) -> dict[str, Any]:
    """Those of the plan, the candidates, those that are planned or closed, or all."""
    city = city_of(request)
    _known("chain", asked.chain, city.network.chains)
    _known("park", asked.park, city.network.parks)
    rows = [
        row
        for row in (plant_selectors.plant_row(city, f) for f in range(len(city.network.plants.id)))
        if asked.chain in (None, row.chain)
        and asked.park in (None, row.park)
        and plant_selectors.belongs(row, asked.show)
    ]
    found = window(rows, asked)
    return found | {"items": [_plant(city, row) for row in found["items"]]}


@router.get("/plants/{plant}", auth=READ, response=answers(PlantWhole, 404, 409), summary="One plant")
def plant(request: HttpRequest, plant: Annotated[str, Field()], asked: Query[Shown]) -> dict[str, Any]:
    """A plant or candidate with what it takes and gives, and the local prices at its gate."""
    city = city_of(request)
    page = plant_selectors.plant_page(city, plant)
    if page is None:
        raise ApiError(404, "not_found", _("No plant is called “%(name)s”.") % {"name": plant[:60]})
    moves = [_move("in", s, s.source, city) for s in page.arriving]
    moves += [_move("out", s, s.target, city) for s in page.leaving]
    moves += [_move(c.kind, c, "", city) for c in page.crossings]
    prices = [
        {
            "material": p.material,
            "unit": p.unit,
            "place": p.price.place if p.price else plant,
            "low": finite(p.price.low) if p.price else None,
            "high": finite(p.price.high) if p.price else None,
            "market": finite(p.market),
        }
        for p in page.prices
    ]
    return _plant(city, page.row) | {"partners": list(page.partners), "moves": moves, "prices": prices}


@router.get("/materials", auth=READ, response=answers(Many[Material], 404, 409), summary="Materials")
def materials(request: HttpRequest, asked: Query[MaterialsAsked]) -> dict[str, Any]:
    """Every material with its balance over the city."""
    city = city_of(request)
    _known("kind", asked.kind, set(city.network.materials.kind))
    rows = [r for r in material_selectors.rows(city) if asked.kind in (None, r.kind)]
    found = window(rows, asked)
    return found | {"items": [_material(row) for row in found["items"]]}


@router.get(
    "/materials/{material}", auth=READ, response=answers(MaterialWhole, 404, 409), summary="One material"
)
def material(request: HttpRequest, material: Annotated[str, Field()], asked: Query[Shown]) -> dict[str, Any]:
    """A material with who makes and uses it."""
    city = city_of(request)
    page = material_selectors.material_page(city, material)
    if page is None:
        raise ApiError(404, "not_found", _("No material is called “%(name)s”.") % {"name": material[:60]})
    row = next(r for r in material_selectors.rows(city) if r.material.id == material)
    return _material(row) | {
        "makers": [{"plant": d.plant, "quantity": d.quantity, "share": d.share} for d in page.makers],
        "users": [{"plant": d.plant, "quantity": d.quantity, "share": d.share} for d in page.users],
        "elements": dict(page.elements),
        "made_by": [s.recipe.id for s in page.up],
        "used_by": [s.recipe.id for s in page.down],
    }


@router.get("/recipes/{recipe}", auth=READ, response=answers(dict[str, Any], 404, 409), summary="One recipe")
def recipe(request: HttpRequest, recipe: Annotated[str, Field()], asked: Query[Shown]) -> Any:
    """The recipe as a balanced table: amounts, masses and elements per unit of its reference product."""
    city = city_of(request)
    if recipe not in city.network.recipes.index:
        raise ApiError(404, "not_found", _("No recipe is called “%(name)s”.") % {"name": recipe[:60]})
    return plain(city.recipe_table(recipe))


@router.get("/chain-map", auth=READ, response=answers(ChainMap, 404, 409), summary="The chain map")
def chain_map(request: HttpRequest, asked: Query[MapAsked]) -> dict[str, Any]:
    """Plants and the flows between them, before they are drawn."""
    city = city_of(request)
    _known("chain", asked.chain, city.network.chains)
    _known("park", asked.park, city.network.parks)
    _known("material", asked.material, city.network.materials.index)
    _known("plant", asked.plant, city.results)
    wanted = {key: value for key, value in asked.dict(exclude={"run"}).items() if value is not None}
    graph = select(city, Filter(**wanted))
    flows = [
        {
            "material": f.material.id,
            "unit": f.unit,
            "source": f.source,
            "target": f.target,
            "quantity": finite(f.quantity),
            "tonnes": finite(f.tonnes),
            "value_cny": finite(f.value),
            "kind": f.kind,
        }
        for f in graph.flows
    ]
    return {"nodes": [_node(n) for n in (*graph.nodes, *graph.alone)], "flows": flows}


def _known(name: str, value: str | None, allowed: Any) -> None:
    """422 for a name that the city does not have."""
    if value is not None and value not in allowed:
        where = [(f"query.{name}", _("The city has no “%(name)s”.") % {"name": value[:60]})]
        raise ApiError(422, "invalid", _("Some of what was sent can't be taken; see where."), where)


def _plant(city: City, row: plant_selectors.PlantRow) -> dict[str, Any]:
    n, result = city.network, row.result
    return {
        "id": row.plant.id,
        "name_zh": row.plant.zh,
        "name_en": row.plant.en,
        "recipe": n.recipes.id[n.plants.recipe[n.plants.index[row.plant.id]]],
        "chain": row.chain,
        "park": row.park,
        "enterprise": row.enterprise,
        "status": row.status,
        "unit": row.unit,
        "capacity": row.capacity,
        "activity": result.activity if result else None,
        "load": finite(result.load) if result else None,
        "rent_low": finite(result.rent_low) if result else None,
        "rent_high": finite(result.rent_high) if result else None,
        "margin_cny": row.margin,
    }


def _move(kind: str, flow: Any, partner: str, city: City) -> dict[str, Any]:
    unit = city.unit(flow.material)
    return {
        "material": flow.material,
        "unit": unit,
        "kind": kind,
        "partner": partner,
        "quantity": flow.quantity,
    }


def _material(row: material_selectors.MaterialRow) -> dict[str, Any]:
    return {
        "id": row.material.id,
        "name_zh": row.material.zh,
        "name_en": row.material.en,
        "kind": row.kind,
        "unit": row.unit,
        "made": row.made,
        "bought": row.bought,
        "sold": row.sold,
        "dumped": row.dumped,
        "market_cny_per_unit": finite(row.price),
    }


def _node(n: Any) -> dict[str, Any]:
    return {
        "id": n.plant.id,
        "name_zh": n.plant.zh,
        "name_en": n.plant.en,
        "chain": n.chain,
        "park": n.park,
        "load": finite(n.load),
        "activity": finite(n.activity),
        "unit": n.unit,
        "rent": finite(n.rent),
        "inside": n.inside,
        "bottleneck": n.bottleneck,
        "bought": [m.id for m in n.bought],
        "dumped": [m.id for m in n.dumped],
    }
