"""Guards: named predicates over what is known when a step is asked for.

A flow names them; the engine's own are in GUARDS, and a caller may pass a larger registry. A guard sees
the case as it stands, the step with what it brings, and facts of the caller's; it decides and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from liantu.casework.case import Actor, Standing, Value
from liantu.casework.instants import DAY, minute_of


@dataclass(frozen=True)
class Moment:
    """A step that is asked for."""

    standing: Standing
    by: Actor
    at: datetime
    evidence: Mapping[str, Value]
    facts: Mapping[str, object]
    """What the caller knows and the history doesn't."""

    def value(self, name: str) -> object:
        """Evidence of this step, else of an earlier one, else a fact; None where there is none."""
        for known in (self.evidence, self.standing.evidence, self.facts):
            if name in known:
                return known[name]
        return None


@dataclass(frozen=True)
class Guard:
    """A predicate and the parameters it must be given, each with the type that reads it."""

    holds: Callable[[Moment, Mapping[str, str]], bool]
    params: Mapping[str, type[str] | type[int] | type[float]]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _has_owner(moment: Moment, params: Mapping[str, str]) -> bool:
    return moment.standing.owner is not None


def _has_no_owner(moment: Moment, params: Mapping[str, str]) -> bool:
    return moment.standing.owner is None


def _at_least(moment: Moment, params: Mapping[str, str]) -> bool:
    """A number is known and is no smaller than the bound."""
    number = _number(moment.value(params["of"]))
    return number is not None and number >= float(params["value"])


def _is_true(moment: Moment, params: Mapping[str, str]) -> bool:
    return moment.value(params["of"]) is True


def _known(moment: Moment, params: Mapping[str, str]) -> bool:
    return moment.value(params["of"]) not in (None, "")


def _within_days(moment: Moment, params: Mapping[str, str]) -> bool:
    """No more than so many days of the calendar since the case came to its state."""
    since = moment.standing.moved_at
    return since is not None and minute_of(moment.at) - minute_of(since) <= int(params["days"]) * DAY


def _another_person(moment: Moment, params: Mapping[str, str]) -> bool:
    """Not the person who took the step before: four eyes."""
    stretches = moment.standing.stretches
    return not stretches or stretches[-1].event.by != moment.by.id


GUARDS: Mapping[str, Guard] = {
    "has_owner": Guard(_has_owner, {}),
    "has_no_owner": Guard(_has_no_owner, {}),
    "at_least": Guard(_at_least, {"of": str, "value": float}),
    "is_true": Guard(_is_true, {"of": str}),
    "known": Guard(_known, {"of": str}),
    "within_days": Guard(_within_days, {"days": int}),
    "another_person": Guard(_another_person, {}),
}
