"""What a choice of candidates is told in: plain figures, CNY a year unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chosen:
    """A candidate of the best set.

    size in reference units a year; activity what it makes in the plan, load = activity / size;
    capital CNY; land ha; charge and worth CNY a year. marginal_cny_per_year is what the plan loses,
    charge spared, when this one is left out and all else stays: proved by solving again.
    """

    id: str
    link_type: str
    size: float
    share_of_scale: float
    activity: float
    load: float
    capital_cny: float
    land_ha: float
    jobs: float
    charge_cny_per_year: float
    marginal_cny_per_year: float


@dataclass(frozen=True)
class LeftOut:
    """A candidate that is not in the best set: what it would add to the plan, at full scale and net of
    its charge, CNY a year (proved), and whether capital and land would have room for it."""

    id: str
    added_cny_per_year: float
    fits: bool


@dataclass(frozen=True)
class PartnerApart:
    """`partner` is named as working best with `chosen`, but is not in the set; what it would add to
    it, CNY a year (proved)."""

    chosen: str
    partner: str
    added_cny_per_year: float


@dataclass(frozen=True)
class RunnerUp:
    """The next best set: its worth and bound, and what it lacks against the best, CNY a year; which
    candidates it has more and which less."""

    candidates: tuple[str, ...]
    worth_cny_per_year: float
    bound_cny_per_year: float
    loss_cny_per_year: float
    added: tuple[str, ...]
    removed: tuple[str, ...]
    capital_cny: float
    land_ha: float
    proven: bool


@dataclass(frozen=True)
class FrontierPoint:
    """The best set within a budget: CNY, CNY a year."""

    budget_cny: float
    capital_cny: float
    worth_cny_per_year: float
    bound_cny_per_year: float
    candidates: tuple[str, ...]
    proven: bool


@dataclass(frozen=True)
class LimitUse:
    """A budget, room or city cap under the best set.

    kind: capital, land, or that of the cap. used and limit in `unit`. price: worth of one more unit,
    CNY a year per unit: for caps and rooms that act on the plan from the duals of the plan with the
    set fixed (low and high ends, basis 'plan'); for capital and land, which act on the choice, the
    gain of choosing again with `step` more, per unit (basis 'choice': set by set, so that small steps
    may gain nothing; basis 'open' where the time was up first: the price is then a guess from
    sets that may not be the best). binds: whether any price is above zero.
    """

    id: str
    kind: str
    unit: str
    used: float
    limit: float
    binds: bool
    price_low: float
    price_high: float
    basis: str
    step: float
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class PortfolioResult:
    """The best set of candidates and how far it can be from the best there is.

    base_cny is the value of the scenario's own plan, value_cny that of the plan with the set, both in
    CNY a year; worth = value - base, net of capital charge. No set within the limits is worth more than
    the bound; gap = (bound - worth) / max(1, |worth|); proven where it is closed.
    """

    scenario: str
    base_cny: float
    value_cny: float
    worth_cny_per_year: float
    bound_cny_per_year: float
    gap: float
    proven: bool
    capital_cny: float
    charge_cny_per_year: float
    land_ha: float
    jobs: float
    chosen: tuple[Chosen, ...]
    limits: tuple[LimitUse, ...]
    runners_up: tuple[RunnerUp, ...]
    frontier: tuple[FrontierPoint, ...]
    partners_apart: tuple[PartnerApart, ...]
    left_out: tuple[LeftOut, ...]
