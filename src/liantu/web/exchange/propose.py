"""What the engine and the other statements say to a need or an offer, as plain data that can be kept.

The content of a proposal:

    need, material, unit, quantity, outside      what is asked, and what the outside world pays or asks
    options   of the engine, best first          partners   pairings with other statements
    misses    who fails, and by what             cover, proof, basis   what a unit brings, from the proof
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from liantu.chain.accounts_counters import becomes_co2
from liantu.chain.match_query import resolve
from liantu.chain.match_types import (
    Cover,
    MatchReport,
    MissedOutlet,
    NearMiss,
    Need,
    Offer,
    OfferReport,
    Option,
    Outlet,
)
from liantu.chain.match_types import Proof as MatchProof
from liantu.chain.network import Network
from liantu.runs import Where
from liantu.web.atlas.city import City
from liantu.web.exchange.models import MONTHS, Statement
from liantu.web.exchange.pairing import Side, pair

KEPT_OPTIONS, KEPT_MISSES, KEPT_CHANGES = 20, 10, 15
Json = dict[str, Any]


def propose(city: City, asked: Statement, others: Iterable[Statement]) -> Json:
    """The content of a proposal. Raises InputError for what the engine refuses."""
    where = Where(asked.at, asked.lat if not asked.at else None, asked.lon if not asked.at else None)
    if asked.is_need:
        need = city.match_need(asked.material, asked.per_year, where, asked.purity, asked.price)
        content = of_need(need, city.network)
    else:
        offer = city.match_offer(asked.material, asked.per_year, where, asked.purity, asked.price)
        content = of_offer(offer, city.network)
    return {**content, "partners": partners(city.network, asked, others)}


def check(city: City, asked: Statement) -> None:
    """Whether the engine takes it, without asking who fits. Raises InputError as `propose` does."""
    ask = Need if asked.is_need else Offer
    lat, lon = (None, None) if asked.at else (asked.lat, asked.lon)
    resolve(city.network, ask(asked.material, asked.per_year, asked.at, lat, lon, asked.purity, asked.price))


def partners(network: Network, asked: Statement, others: Iterable[Statement]) -> list[Json]:
    """Statements of the other kind by other enterprises, each with what speaks for it and against it."""
    rows = []
    own = side(network, asked)
    for other in others:
        need, offer = (own, side(network, other)) if asked.is_need else (side(network, other), own)
        found = pair(network, need, offer)
        if found is None:
            continue
        row = {"statement": str(other.pk), "quantity": found.quantity, "months": list(found.months)}
        row |= {"km": found.km, "freight": found.freight, "link": found.link, "room": found.room}
        row |= {"price": other.price, "against": list(found.against)}
        row |= {"hide_name": other.hide_name, "hide_price": other.hide_price}
        rows.append(row)
    return sorted(rows, key=lambda r: str(r["statement"]))


def side(network: Network, s: Statement) -> Side:
    """A statement as far as a pairing asks; the place of a plant or a park as the tables have it."""
    lat, lon = position(network, s)
    months = tuple(float(q) for q in s.months) if s.months else (s.per_year / MONTHS,) * MONTHS
    return Side(s.material, months, s.purity, s.price, lat, lon, s.valid_from, s.valid_until)


def position(network: Network, s: Statement) -> tuple[float | None, float | None]:
    """Where a statement stands; None where that is not known."""
    lat, lon = s.lat, s.lon
    if s.at in network.plants.index:
        f = network.plants.index[s.at]
        lat, lon = float(network.plants.lat[f]), float(network.plants.lon[f])
    elif s.at in network.parks:
        _zh, _en, lat, lon = network.parks[s.at]
    known = lat is not None and lon is not None and math.isfinite(lat) and math.isfinite(lon)
    return (lat, lon) if known else (None, None)


def of_need(report: MatchReport, network: Network) -> Json:
    """A need's report as data; `price` of an option is delivered, `saving` is against buying in."""
    options = [
        _option(o, o.supplier, o.delivered_cny_per_unit, o.source_cny_per_unit, o.saving_cny_per_unit)
        | {"byproduct": o.byproduct, "purity": _number(o.purity)}
        for o in report.options[:KEPT_OPTIONS]
    ]
    return _content(report, network, True, report.need.quantity, report.import_cny_per_unit, options)


def of_offer(report: OfferReport, network: Network) -> Json:
    """An offer's report as data; `price` of an option is net at the gate, `saving` is against selling
    outside, or against dumping where it can't be sold."""
    dump = next((o.net_cny_per_unit for o in report.options if o.taker == "dump"), None)
    outside = report.export_cny_per_unit if report.export_cny_per_unit is not None else dump
    options = []
    for o in report.options[:KEPT_OPTIONS]:
        saving = None if outside is None else o.net_cny_per_unit - outside
        options.append(_option(o, o.taker, o.net_cny_per_unit, o.worth_cny_per_unit, saving))
    return _content(report, network, False, report.offer.quantity, outside, options)


def _option(o: Option | Outlet, who: str, price: float, at_source: float, saving: float | None) -> Json:
    return {
        "who": who, "material": o.material, "quantity": _number(o.quantity), "km": _number(o.distance_km),
        "link": o.link, "price": _number(price), "at_source": _number(at_source),
        "freight": _number(o.freight_cny_per_unit), "saving": _number(saving), "displaces": o.displaces,
        "loser": o.loser, "loser_cny": _number(o.loser_cny_per_unit), "hazard": o.hazard,
    }  # fmt: skip


def _content(
    report: MatchReport | OfferReport,
    network: Network,
    need: bool,
    quantity: float,
    outside: float | None,
    options: list[Json],
) -> Json:
    cover = report.cheapest if isinstance(report, MatchReport) else report.best
    proof = report.proof
    return {
        "need": need, "material": report.material, "unit": report.unit, "quantity": quantity,
        "outside": _number(outside), "options": options, "misses": _misses(report.near_misses),
        "cover": _cover(cover), "proof": _proof(proof) if proof else None,
        "basis": basis(report, network, outside, options),
    }  # fmt: skip


def _misses(misses: Sequence[NearMiss | MissedOutlet]) -> list[Json]:
    rows = []
    for m in misses[:KEPT_MISSES]:
        who = m.supplier if isinstance(m, NearMiss) else m.taker
        reasons = [
            {"code": r.code, "has": _number(r.has), "needs": _number(r.needs), "who": r.who,
             "quantity": _number(r.quantity), "value": _number(r.value)}
            for r in m.reasons
        ]  # fmt: skip
        rows.append({"who": who, "material": m.material, "reasons": reasons})
    return rows


def _cover(cover: Cover) -> Json:
    price = _number(cover.cny_per_unit)
    return {
        "quantity": cover.quantity,
        "shortfall": cover.shortfall,
        "price": price,
        "partners": cover.partners,
    }


def _proof(proof: MatchProof) -> Json:
    def rows(changes: Sequence[Any]) -> list[Json]:
        return [
            {"kind": c.kind, "place": c.place, "material": c.material, "before": _number(c.before),
             "after": _number(c.after)}
            for c in changes[:KEPT_CHANGES]
        ]  # fmt: skip

    effect = proof.effect
    return {
        "quantity": _number(proof.quantity), "short": _number(proof.short),
        "proved": _number(proof.proved_cny_per_unit), "screened": _number(proof.screened_cny_per_unit),
        "cost_cny": _number(effect.cost_cny), "gap": _number(effect.gap),
        "residual": _number(effect.residual),
        "losers": rows(effect.losers), "dumps_less": rows(effect.dumps_less),
    }  # fmt: skip


def basis(
    report: MatchReport | OfferReport, network: Network, outside: float | None, options: Sequence[Json]
) -> Json:
    """What a unit brings the city, against a unit bought in, or sold outside or dumped.

        cny = import price - proved cost            of an offer: proved worth - what the outside pays
        tce = coal equivalent bought less or sold more by the plan, with what the unit itself is counted at
        co2 = t of CO2 that plants vent less, and what is dumped less becomes

    From the difference of two solved plans, over the quantity that it delivers; energy and CO2 outside the
    city, such as those of making what is bought in, are not counted.
    """
    proof, m = report.proof, network.materials
    best = next((o["saving"] for o in options if o["saving"] is not None), None)
    if proof is None or proof.quantity <= 0:
        return {"cny": best, "tce": 0.0, "co2": 0.0, "proved": False}
    need, q, i = isinstance(report, MatchReport), proof.quantity, m.index[report.material]
    cny = best
    if outside is not None and proof.proved_cny_per_unit is not None:
        cny = (outside - proof.proved_cny_per_unit) * (1 if need else -1)
    carbon = becomes_co2(network)
    counted = need or (report.options and any(o.displaces == "market" for o in report.options))
    tce, co2 = (q if need else -q) * float(m.tce_per_unit[i]) if counted else 0.0, 0.0
    effect = proof.effect
    for c in (*effect.losers, *effect.dumps_less, *effect.others):
        k, moved = m.index.get(c.material), c.after - c.before
        if k is None or c.kind not in ("buy", "sell", "dump", "vent"):
            continue
        if c.kind in ("dump", "vent"):
            co2 -= moved * float(carbon[k])
        else:
            tce += moved * float(m.tce_per_unit[k]) * (1 if c.kind == "sell" else -1)
    return {"cny": _number(cny), "tce": _number(tce / q), "co2": _number(co2 / q), "proved": True}


def _number(value: float | None) -> float | None:
    """What JSON can hold; without the solver's dust."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), 9) + 0.0
