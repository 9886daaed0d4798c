"""Around the best set: its members one by one, the next best sets, smaller budgets, and who stays out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from liantu.chain.portfolio_program import Cut, Limits
from liantu.chain.portfolio_result import Chosen, FrontierPoint, LeftOut, PartnerApart, RunnerUp
from liantu.chain.portfolio_study import Selection, Study


def chosen_candidates(study: Study, best: Selection) -> tuple[Chosen, ...]:
    """The members of the best set, by what the plan would lose without each, largest first."""
    c, p = study.choices, study.model.network.plants
    x = study.solve(best.size).x
    out = []
    for k, size in best.size.items():
        share = study.share(k, size)
        activity = float(x[c.position[k]])
        out.append(
            Chosen(
                id=_name(study, k),
                link_type=p.link_type[c.plant[k]],
                size=size,
                share_of_scale=share,
                activity=activity,
                load=activity / size if size > 0 else 0.0,
                capital_cny=share * float(c.capital[k]),
                land_ha=share * float(c.land[k]),
                jobs=share * float(c.jobs[k]),
                charge_cny_per_year=c.charge_rate * share * float(c.capital[k]),
                marginal_cny_per_year=best.value - study.value(_without(best.size, k)),
            )
        )
    return tuple(sorted(out, key=lambda chosen: (-chosen.marginal_cny_per_year, chosen.id)))


def runners_up_of(
    study: Study, best: Selection, count: int, differ_by: int, tick: Callable[[], None]
) -> tuple[RunnerUp, ...]:
    """The next best sets, best first; fewer than `count` where no further set differs enough."""
    n = len(study.choices.plant)
    if n == 0:
        return ()
    before: list[Selection] = [best]
    out: list[RunnerUp] = []
    while len(out) < count:
        cuts = [Cut(np.isin(np.arange(n), sorted(s.key)), differ_by) for s in before]
        found = study.choose_or_none(cuts)
        tick()
        if found is None:
            break
        before.append(found)
        out.append(
            RunnerUp(
                candidates=_names(study, found.key),
                worth_cny_per_year=found.value - study.base_value,
                bound_cny_per_year=found.bound - study.base_value,
                loss_cny_per_year=best.value - found.value,
                added=_names(study, found.key - best.key),
                removed=_names(study, best.key - found.key),
                capital_cny=found.capital,
                land_ha=study.land(found.size),
                proven=found.proven,
            )
        )
    return tuple(out)


def frontier(
    study: Study, best: Selection, budgets: Sequence[float] | None, points: int, tick: Callable[[], None]
) -> tuple[FrontierPoint, ...]:
    """The best set within each budget, smallest budget first.

    From the largest budget down: a set that costs no more than the next budget is also best there,
    so that it is not chosen again.
    """
    top = best if study.limits.capital is None else None
    if budgets is None:
        top = top or study.choose(replace(study.limits, capital=None))
        own = [] if study.room.capital_cny is None else [study.room.capital_cny]
        budgets = [top.capital * k / points for k in range(1, points + 1)] + own
    out: list[FrontierPoint] = []
    known: Selection | None = None
    for budget in sorted(set(budgets), reverse=True):
        if known is None or known.capital > budget:
            known = _within(study, budget, top, best)
        tick()
        out.append(
            FrontierPoint(
                budget_cny=float(budget),
                capital_cny=known.capital,
                worth_cny_per_year=known.value - study.base_value,
                bound_cny_per_year=known.bound - study.base_value,
                candidates=_names(study, known.key),
                proven=known.proven,
            )
        )
    return tuple(reversed(out))


def _within(study: Study, budget: float, top: Selection | None, best: Selection) -> Selection:
    """The best set within a budget: one that is known where it must be that, else chosen. top: the best
    without a budget."""
    if top is not None and top.capital <= budget:
        return top
    if study.limits.capital is not None and best.capital <= budget <= study.limits.capital:
        return best
    return study.choose(Limits(budget, study.limits.land))


def partners_apart(study: Study, best: Selection) -> tuple[PartnerApart, ...]:
    """Members whose named partner is not in the set and not standing, with what it would add."""
    c, p = study.choices, study.model.network.plants
    at = {int(f): k for k, f in enumerate(c.plant)}
    out = []
    for k in best.size:
        for partner in p.partners[c.plant[k]]:
            j = at.get(partner)
            if j is not None and j not in best.size:
                out.append(PartnerApart(_name(study, k), _name(study, j), _added(study, best, j)))
    return tuple(out)


def left_out(study: Study, best: Selection) -> tuple[LeftOut, ...]:
    """The candidates that are not in the set, by what each would add to it, largest first."""
    out = []
    for k in range(len(study.choices.plant)):
        if k not in best.size:
            more = {**best.size, k: float(study.choices.scale[k])}
            out.append(LeftOut(_name(study, k), study.value(more) - best.value, study.fits(more)))
    return tuple(sorted(out, key=lambda left: (-left.added_cny_per_year, left.id)))


def _added(study: Study, best: Selection, k: int) -> float:
    return study.value({**best.size, k: float(study.choices.scale[k])}) - best.value


def _name(study: Study, k: int) -> str:
    return study.model.network.plants.id[int(study.choices.plant[k])]


def _names(study: Study, keys: Iterable[int]) -> tuple[str, ...]:
    return tuple(_name(study, k) for k in sorted(keys))


def _without(size: Mapping[int, float], k: int) -> dict[int, float]:
    return {j: v for j, v in size.items() if j != k}
