"""The manual's page on matching says what the match says, in both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from liantu.chain.match import MatchReport, Need, Offer, match_need, match_needs, match_offer
from liantu.chain.match_types import NearMiss, Option, Proof
from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.data.tables import read_tables

ROOT = Path(__file__).parents[2]
PARK, HEXIBAO = "ti_ni_equipment_park", "hexibao_ip"
CHLORINE, HYDROGEN = Need("chlorine", 30_000, PARK), Need("hydrogen", 1_200, PARK)


@cache
def plan() -> Plan:
    return make_plan(build_network(read_tables(ROOT / "examples/jinchang")))


@cache
def match(need: Need) -> MatchReport:
    return match_need(plan(), need)


def proof(need: Need) -> Proof:
    found = match(need).proof
    assert found is not None
    return found


def option(need: Need, supplier: str, displaces: str, last: bool = False) -> Option:
    found = [o for o in match(need).options if (o.supplier, o.displaces) == (supplier, displaces)]
    return found[-1 if last else 0]


def miss(need: Need, supplier: str) -> NearMiss:
    return next(n for n in match(need).near_misses if n.supplier == supplier)


def moved(need: Need, kind: str, what: str) -> tuple[float, float]:
    effect = proof(need).effect
    every = (*effect.losers, *effect.dumps_less, *effect.others)
    return next((c.before, c.after) for c in every if c.kind == kind and what in (c.place, c.material))


def million(cny: float) -> tuple[str, str]:
    return f"{cny / 1e6:.2f}", f"{cny / 1e4:,.0f}万元"


def tonnes(quantity: float) -> tuple[str, str]:
    return f"{quantity:,.0f} t", f"{quantity:,.0f}吨"


def cny(value: float, digits: int = 2) -> tuple[str, str]:
    text = f"{value:,.{digits}f}".replace("-", "−")
    return f"{text} CNY", f"{text}元"


def km(distance: float | None) -> tuple[str, str]:
    return f"{distance:.1f} km", f"{distance:.1f}公里"


def chlorine_figures() -> list[tuple[str, str]]:
    idle, hcl, ticl4, pesticide = "idle capacity", "plant:f_hcl_gas", "plant:f_ticl4", "plant:f_beida"
    rows = [
        ("f_mg", idle),
        ("f_chlor_alkali", idle),
        ("f_chlor_alkali", hcl),
        ("f_mg", ticl4),
        ("f_mg", pesticide),
    ]
    options = [option(CHLORINE, *row) for row in rows]
    before, after = moved(CHLORINE, "activity", "f_chlor_alkali")
    load = next(p.load for p in plan().plants if p.id == "f_chlor_alkali")
    return [
        *(tonnes(o.quantity) for o in options),
        *(cny(o.delivered_cny_per_unit) for o in options),
        *(km(o.distance_km) for o in options),
        cny(options[3].loser_cny_per_unit, 0),
        cny(proof(CHLORINE).proved_cny_per_unit or 0),
        million(-proof(CHLORINE).effect.cost_cny),
        (
            f"{before / 1e3:.1f} kt to {after / 1e3:.1f} kt",
            f"{before / 1e4:.2f}万吨升到{after / 1e4:.2f}万吨",
        ),
        (f"{load:.0%}".replace("%", " %"), f"{load:.0%}"),
    ]


def hydrogen_figures() -> list[tuple[str, str]]:
    dumps = [option(HYDROGEN, who, "dump") for who in ("f_si_c", "f_chlor_alkali")]
    first, last = (option(HYDROGEN, "f_chlor_alkali", "idle capacity", last) for last in (False, True))
    low, high = (f"{o.delivered_cny_per_unit:.2f}" for o in dumps)
    vented = moved(CHLORINE, "dump", "hydrogen")
    joint = match_needs(plan(), [CHLORINE, HYDROGEN])
    apart = -joint.apart_cny
    return [
        *(tonnes(o.quantity) for o in dumps),
        tonnes(sum(o.quantity for o in dumps)),
        km(dumps[0].distance_km),
        (f"{low} to {high} CNY", f"{low}—{high}元"),
        tonnes(first.quantity),
        cny(last.delivered_cny_per_unit, 0),
        cny(option(HYDROGEN, "f_chlor_alkali", "plant:f_hcl_gas", True).delivered_cny_per_unit, 0),
        cny(proof(HYDROGEN).proved_cny_per_unit or 0, 0),
        million(proof(HYDROGEN).effect.cost_cny),
        tonnes(vented[1] - vented[0]),
        (f"{apart / 1e6:.2f} million", f"{apart / 1e4:,.0f}万元"),
        million(-joint.together_cny),
    ]


def other_figures() -> list[tuple[str, str]]:
    coal = option(Need("hydrogen", 1_200, HEXIBAO), "f_coal_h2", "idle capacity")
    chlorine = Need("chlorine", 30_000, HEXIBAO)
    acid = miss(chlorine, "f_sop")
    gypsum = match_offer(plan(), Offer("red_gypsum", 100_000, "jinchang_etdz"))
    return [
        tonnes(coal.quantity),
        cny(coal.delivered_cny_per_unit),
        *(km(miss(chlorine, who).distance_km) for who in ("f_chlor_alkali", "f_mg")),
        (f"{acid.quantity / 1e3:.0f} kt", f"{acid.quantity / 1e4:.1f}万吨"),
        (f"{acid.reasons[0].value:.0%}".replace("%", " %"), f"{acid.reasons[0].value:.0%}"),
        cny(gypsum.options[0].net_cny_per_unit),
    ]


@pytest.mark.parametrize(("position", "language"), [(0, "en"), (1, "zh")])
def test_every_figure_of_the_page_is_that_of_the_match(position: int, language: str) -> None:
    page = (ROOT / f"docs/manual/{language}/match.md").read_text(encoding="utf-8").replace("\n", " ")
    figures = [*chlorine_figures(), *hydrogen_figures(), *other_figures()]
    assert [f[position] for f in figures if f[position] not in page] == []


def test_the_story_of_the_page_is_that_of_the_match() -> None:
    falls = [c.after / c.before for c in proof(CHLORINE).effect.losers if c.kind == "activity"]
    assert min(falls) > 0.999
    there = match(Need("chlorine", 30_000, HEXIBAO))
    assert (there.options, there.cheapest.shortfall) == ((), 30_000)
    assert [r.code for r in miss(Need("chlorine", 30_000, HEXIBAO), "f_mg").reasons[:2]] == [
        "too_far",
        "hazard",
    ]
    gypsum = match_offer(plan(), Offer("red_gypsum", 100_000, "jinchang_etdz"))
    assert [o.taker for o in gypsum.options] == ["c_road_binder"]
    assert [n.reasons[0].who for n in gypsum.near_misses] == ["red_gypsum_stack"]
