"""Candidates on the map: what each is worth, and what it would take and give."""

from __future__ import annotations

import math

import numpy as np

from liantu.chain.gap_candidates import open_candidates
from liantu.chain.gap_report import CandidateGap, GapReport, Leg
from liantu.chain.gap_screen import DUMPED, MARKET, PLACE, prospects_of, screen
from liantu.chain.network import great_circle_km
from liantu.web.atlas.chainmap.parts import (
    CANDIDATE,
    FIRST_ORDER,
    PROVED,
    Flow,
    Node,
    Worth,
    tce_of,
    tonnes_of,
)
from liantu.web.atlas.chainmap.stages import stage_of
from liantu.web.atlas.city import City

Prospect = tuple[Node, tuple[Flow, ...]]


def prospects(
    city: City, report: GapReport | None, inside: set[str] | None, all_of_them: bool
) -> list[Prospect]:
    """The candidates with the flows that they would have with plants; only those of `inside` where it is
    given, and only those worth more than nothing unless all are asked for. The worth is the proved one
    where the gap report is there, else the first-order worth."""
    n = city.network
    proved = {c.id: c for c in report.candidates} if report else {}
    at = open_candidates(n, ~city.plan.model.settings.open, city.plan.scenario.close)
    screened = None if report else _screened(city, at)
    out = []
    for f in at:
        name = n.plants.id[f]
        if inside is not None and name not in inside:
            continue
        if report:
            if name not in proved:
                continue
            worth, legs = _proved(city, proved[name]), proved[name].legs
        else:
            assert screened is not None
            worth, legs = screened[name]
        if all_of_them or worth.cny > 0:
            out.append((_node(city, name, worth), _flows(city, name, legs)))
    return out


def _proved(city: City, c: CandidateGap) -> Worth:
    plants = city.network.plants.index
    partners = tuple(city.plant(p) for p in c.partners if p in plants)
    return Worth(c.worth_cny_per_year, PROVED, partners, c.proof)


def _screened(city: City, at: np.ndarray) -> dict[str, tuple[Worth, tuple[Leg, ...]]]:
    """First-order worth at the end of each price interval that applies: margin x scale - charge."""
    n, settings = city.network, city.plan.model.settings
    s = screen(city.plan, prospects_of(n, at))
    found: dict[str, tuple[Worth, tuple[Leg, ...]]] = {}
    for b, f in enumerate(at):
        scale = float(settings.capacity[f])
        worth = float(s.margin[b]) * scale - settings.charge_rate * float(settings.capital[f])
        legs = []
        for i in np.flatnonzero(s.bundle == b):
            quantity, price = float(s.coefficient[i]) * scale, float(s.price[i])
            partner = {MARKET: "sell" if quantity > 0 else "buy", DUMPED: "dump"}.get(int(s.partner[i]), "")
            if s.partner[i] == PLACE:
                partner = city.plan.model.rows.place[s.row[i]]
            legs.append(Leg(n.materials.id[s.material[i]], quantity, price, partner, quantity * price))
        found[n.plants.id[f]] = Worth(worth, FIRST_ORDER), tuple(legs)
    return found


def _node(city: City, name: str, worth: Worth) -> Node:
    n = city.network
    f = n.plants.index[name]
    chain, recipe = city.chain_of(name), n.plants.recipe[f]
    return Node(
        plant=city.plant(name),
        chain=chain,
        park=n.plants.park[f],
        load=math.nan,
        activity=float(city.plan.model.settings.capacity[f]),
        unit=n.materials.unit[n.recipes.reference[recipe]],
        rent=0.0,
        inside=True,
        bottleneck=False,
        stage=stage_of(n, chain, n.recipes.id[recipe]),
        product=city.material(n.materials.id[n.recipes.reference[recipe]]),
        worth=worth,
    )


def _flows(city: City, name: str, legs: tuple[Leg, ...]) -> tuple[Flow, ...]:
    """What the candidate would exchange with plants of the plan; pools and the city line are not drawn."""
    n, p = city.network, city.network.plants
    out = []
    for leg in legs:
        if leg.partner not in city.results:
            continue
        a, b = p.index[name], p.index[leg.partner]
        km = float(great_circle_km(p.lat[a], p.lon[a], p.lat[b], p.lon[b]))
        quantity = abs(leg.quantity)
        out.append(
            Flow(
                material=city.material(leg.material),
                unit=city.unit(leg.material),
                source=name if leg.quantity > 0 else leg.partner,
                target=leg.partner if leg.quantity > 0 else name,
                quantity=quantity,
                tonnes=tonnes_of(city, leg.material, quantity),
                tce=tce_of(city, leg.material, quantity),
                value=quantity * leg.price if math.isfinite(leg.price) else 0.0,
                price=(leg.price, leg.price),
                km=km,
                link=n.materials.link[n.materials.index[leg.material]],
                freight=math.nan,
                kind=CANDIDATE,
            )
        )
    return tuple(out)
