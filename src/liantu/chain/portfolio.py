"""Which candidates together: the best set under capital, land, water, energy and emission room.

One mixed-integer programme on top of the model chooses the set and gives a proven bound; every worth
is then proved by solving the linear model again with the set fixed. The equations are in
docs/formulation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from liantu.chain.network import Network
from liantu.chain.portfolio_limits import limits_used
from liantu.chain.portfolio_lists import chosen_candidates, frontier, left_out, partners_apart, runners_up_of
from liantu.chain.portfolio_result import (
    Chosen,
    FrontierPoint,
    LeftOut,
    LimitUse,
    PartnerApart,
    PortfolioResult,
    RunnerUp,
)
from liantu.chain.portfolio_rooms import Room
from liantu.chain.portfolio_study import Study
from liantu.chain.scenario import Scenario
from liantu.errors import InputError, Problem, SolverError

__all__ = [
    "Chosen", "FrontierPoint", "LeftOut", "LimitUse", "PartnerApart", "PortfolioResult", "Room", "RunnerUp",
    "choose_portfolio", "portfolio_scenario",
]  # fmt: skip

FRONTIER_POINTS = 8
REFUTES = 1e-6  # of the plan's value, beyond the bound
Progress = Callable[[int, int], None]


def choose_portfolio(
    network: Network,
    scenario: Scenario = Scenario(),  # noqa: B008 (frozen)
    room: Room = Room(),  # noqa: B008 (frozen)
    runners_up: int = 3,
    budgets: Sequence[float] | None = None,
    differ_by: int = 1,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> PortfolioResult:
    """The candidates that are worth most together, on top of those the scenario builds already.

    room: what may be taken; None leaves what the city caps leave. runners_up: how many next best sets,
    each of which differs in at least `differ_by` candidates from those before it. budgets: points of
    the frontier, CNY; None = FRONTIER_POINTS equal steps up to the capital of the best set without a
    budget, and the room's own. time_limit: seconds for all choices together; past it the bounds stay
    open and are published as they are. progress: called with (steps done, steps in all).
    Raises InputError (bad room or budgets), SolverError (also where the bound does not hold).
    """
    _check(budgets, runners_up, differ_by)
    study = Study(network, scenario, room, time_limit)
    points = FRONTIER_POINTS if budgets is None else len(budgets)
    tick = _counter(progress, 4 + runners_up + points)
    best = study.choose()
    tick()
    chosen = chosen_candidates(study, best)
    tick()
    limits = limits_used(study, best)
    tick()
    result = PortfolioResult(
        scenario=scenario.name,
        base_cny=study.base_value,
        value_cny=best.value,
        worth_cny_per_year=best.value - study.base_value,
        bound_cny_per_year=best.bound - study.base_value,
        gap=(best.bound - best.value) / max(1.0, abs(best.value - study.base_value)),
        proven=best.proven,
        capital_cny=best.capital,
        charge_cny_per_year=study.choices.charge_rate * best.capital,
        land_ha=study.land(best.size),
        jobs=sum(c.jobs for c in chosen),
        chosen=chosen,
        limits=limits,
        runners_up=runners_up_of(study, best, runners_up, differ_by, tick),
        frontier=frontier(study, best, budgets, FRONTIER_POINTS, tick),
        partners_apart=partners_apart(study, best),
        left_out=left_out(study, best),
    )
    _refute(result)
    tick()
    return result


def portfolio_scenario(scenario: Scenario, result: PortfolioResult) -> Scenario:
    """The scenario in which the best set is built, for `make_plan` and `compare_plans`."""
    resized = {c.id: c.size for c in result.chosen if c.share_of_scale < 1.0}
    return replace(
        scenario,
        name=f"{scenario.name}+portfolio",
        add=scenario.add | {c.id for c in result.chosen},
        capacity={**scenario.capacity, **resized},
    )


def _refute(result: PortfolioResult) -> None:
    """Hold the solver's bound against every set that differs in one candidate, each of them solved.

    Raises SolverError where one of them is worth more than the bound says any set can be.
    """
    over = REFUTES * max(1.0, abs(result.value_cny)) + result.bound_cny_per_year - result.worth_cny_per_year
    better = [c.id for c in result.chosen if -c.marginal_cny_per_year > over]
    better += [left.id for left in result.left_out if left.fits and left.added_cny_per_year > over]
    if better:
        raise SolverError("bound_refuted", candidates=";".join(better))


def _counter(progress: Progress | None, total: int) -> Callable[[], None]:
    """A function that counts a step and tells `progress`."""
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, max(total, done))

    return tick


def _check(budgets: Sequence[float] | None, runners_up: int, differ_by: int) -> None:
    wrong = [
        Problem("budgets", None, None, "bad_room", str(b), "a finite number of at least 0", "Correct it.")
        for b in budgets or ()
        if not np.isfinite(b) or b < 0
    ]
    for name, value, least in (("runners_up", runners_up, 0), ("differ_by", differ_by, 1)):
        if value < least:
            wrong.append(
                Problem(name, None, None, "bad_room", str(value), f"at least {least}", "Correct it.")
            )
    if wrong:
        raise InputError(wrong)
