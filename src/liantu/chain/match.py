"""Match a need with the city's supply, or an offer with its users, and prove it by solving again.

A match reads one solved plan. It ranks what could be had by what a unit costs its giver today, plus
freight; the proof says what the city really gives up. docs/formulation.md, section "Match".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from liantu.chain.match_cover import cheapest, fewest
from liantu.chain.match_effect import effect
from liantu.chain.match_index_plan import Supply, step_of
from liantu.chain.match_local import Local
from liantu.chain.match_need import find_supply, import_price
from liantu.chain.match_proof import asked, prove_need
from liantu.chain.match_query import family, resolve
from liantu.chain.match_source import prove_offer
from liantu.chain.match_takers import export_price, find_takers
from liantu.chain.match_types import (
    CANDIDATE,
    Cover,
    JointReport,
    MatchReport,
    Need,
    Offer,
    OfferReport,
    Outlet,
    Step,
)
from liantu.chain.plan import Plan

__all__ = [
    "JointReport", "MatchReport", "Need", "Offer", "OfferReport", "match_need", "match_needs", "match_offer",
]  # fmt: skip


def match_need(plan: Plan, need: Need, *, prove: bool = True, supply: Supply | None = None) -> MatchReport:
    """Rank what can supply a need, cover it, and prove the cheapest cover by solving the plan again.

    Quantities in the need's own unit a year, money in CNY. `prove=False` leaves the second solve out.
    `supply` of the same plan is reused from need to need: the same report, sooner.
    Raises InputError for an unknown material or place, and a quantity that is not above 0.
    """
    query = resolve(plan.network, need)
    local = Local.of(plan) if supply is None else supply.local
    found = find_supply(local, query) if supply is None else find_supply(local, query, supply.gives)
    options, misses = found
    steps = [step_of(o) for o in options]
    report = MatchReport(
        need=need,
        material=plan.network.materials.id[query.material],
        unit=plan.network.materials.unit[query.material],
        place=query.place,
        import_cny_per_unit=import_price(local, query.material),
        options=options,
        near_misses=misses,
        cheapest=cheapest(steps, query.quantity),
        fewest=fewest(steps, query.quantity),
        proof=None,
    )
    return replace(report, proof=prove_need(plan, report)) if prove else report


def match_needs(plan: Plan, needs: Sequence[Need]) -> JointReport:
    """Match several needs, and prove them together: one match can feed the other.

    More chlorine brings more hydrogen from the same cells, so that both cost less together than apart.
    """
    supply = Supply(plan)
    reports = tuple(match_need(plan, need, supply=supply) for need in needs)
    after, _ = asked(plan, reports).solve([r.need.quantity for r in reports])
    apart = sum(r.proof.effect.cost_cny for r in reports if r.proof is not None)
    return JointReport(reports, plan.objective - after.value, apart, effect(plan, after))


def match_offer(plan: Plan, offer: Offer, *, prove: bool = True) -> OfferReport:
    """Rank who can take an offer, by net worth, and prove it by solving the plan again.

    The offer comes on top of what the plan makes already. Candidates are ranked among the outlets, but
    are no part of the covers: they do not stand yet. `prove=False` leaves the second solve out.
    Raises InputError for an unknown material or place, and a quantity that is not above 0.
    """
    query = resolve(plan.network, offer)
    local = Local.of(plan)
    outlets, misses = find_takers(local, query)
    steps = [_use(o) for o in outlets if o.displaces != CANDIDATE]
    report = OfferReport(
        offer=offer,
        material=plan.network.materials.id[query.material],
        unit=plan.network.materials.unit[query.material],
        place=query.place,
        export_cny_per_unit=export_price(local, query.material),
        options=outlets,
        near_misses=misses,
        best=_worth(cheapest(steps, query.quantity)),
        fewest=_worth(fewest(steps, query.quantity)),
        proof=None,
    )
    forms = [s for s in family(plan.network, query.material) if s.alike]
    return replace(report, proof=prove_offer(plan, report, forms)) if prove else report


def _use(outlet: Outlet) -> Step:
    """An outlet as something to fill: its worth is a cost below zero."""
    return Step(outlet.taker, outlet.material, outlet.displaces, outlet.quantity, -outlet.net_cny_per_unit)


def _worth(cover: Cover) -> Cover:
    """The cover with worths instead of costs."""
    steps = tuple(replace(s, cny_per_unit=-s.cny_per_unit) for s in cover.steps)
    mean = None if cover.cny_per_unit is None else -cover.cny_per_unit
    return replace(cover, steps=steps, total_cny=-cover.total_cny, cny_per_unit=mean)
