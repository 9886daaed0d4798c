"""What binds a choice: budgets, rooms and city caps, with their prices."""

from __future__ import annotations

from dataclasses import replace

from liantu.chain.plan import CapResult
from liantu.chain.portfolio_program import Limits
from liantu.chain.portfolio_result import LimitUse
from liantu.chain.portfolio_study import Selection, Study

STEP = 0.1  # of a limit on the choice: how much more is tried for its price
ZERO_GAIN = 1e-8  # of the plan's value: a gain below it is rounding
ZERO_PRICE = 1e-6  # CNY per unit


def limits_used(study: Study, best: Selection) -> tuple[LimitUse, ...]:
    """Capital and land first, then the caps and rooms of the plan with the set, in their own order."""
    out = []
    if study.limits.capital is not None:
        more = replace(study.limits, capital=_raised(study.limits.capital))
        names = "投资预算", "Capital budget"
        out.append(
            _choice(study, best, "capital", "capital", "CNY", best.capital, study.limits.capital, more, names)
        )
    out += _land(study, best)
    caps, _ = study.caps(best.size)
    out += [_cap(cap) for cap in caps if cap.kind != "land"]
    return tuple(out)


def _raised(limit: float) -> float:
    return limit * (1 + STEP) if limit > 0 else 1.0


def _land(study: Study, best: Selection) -> list[LimitUse]:
    """Each land cap of the city, and the room for land, in the order of `Limits.land`."""
    names = {cap.id: (cap.name_zh, cap.name_en) for cap in study.model.caps}
    stated = [(name, limit, fixed, *names[name]) for name, limit, fixed, _ in study.land_caps()]
    if study.room.land_ha is not None:
        stated.append(("room:land", study.room.land_ha, 0.0, "用地余量", "Room for land"))
    out = []
    for i, (name, limit, fixed, zh, en) in enumerate(stated):
        inside = study.limits.land[i][1]
        used = fixed + sum(
            float(study.choices.land[k]) * study.share(k, v) for k, v in best.size.items() if inside[k]
        )
        raised = list(study.limits.land)
        raised[i] = (raised[i][0] + _raised(limit) - limit, inside)
        more = Limits(study.limits.capital, tuple(raised))
        out.append(_choice(study, best, name, "land", "ha", used, limit, more, (zh, en)))
    return out


def _choice(
    study: Study,
    best: Selection,
    name: str,
    kind: str,
    unit: str,
    used: float,
    limit: float,
    more: Limits,
    names: tuple[str, str],
) -> LimitUse:
    """A limit on the choice, priced by choosing again with a tenth more."""
    step = _raised(limit) - limit
    raised = study.choose(more)
    gain = raised.value - best.value
    price = max(gain, 0.0) / step if gain > ZERO_GAIN * abs(best.value) else 0.0
    basis = "choice" if raised.proven and best.proven else "open"
    return LimitUse(name, kind, unit, used, limit, price > 0, price, price, basis, step, *names)


def _cap(cap: CapResult) -> LimitUse:
    """A cap that acts on the plan, priced by its duals."""
    prices = cap.price_low, cap.price_high
    names = cap.name_zh, cap.name_en
    binds = cap.price_high > ZERO_PRICE
    return LimitUse(cap.id, cap.kind, cap.unit, cap.used, cap.limit, binds, *prices, "plan", 0.0, *names)
