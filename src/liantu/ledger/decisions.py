"""The official value of a key, as a person decided; and levels of approval, with four eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from liantu.ledger.observation import Observation
from liantu.ledger.periods import Period

Level = Literal["entered", "checked", "released"]
LEVELS: tuple[Level, ...] = ("entered", "checked", "released")


class Refused(ValueError):
    """A step that is not allowed. `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Key:
    """What two figures share when they say the same thing: all but value, source and unit."""

    subject: str
    indicator: str
    period: Period | None
    measure: str
    basis: str
    base_period: Period | None
    within: str
    status: str


@dataclass(frozen=True)
class Decision:
    """That one observation is the official value of its key, by whom and why."""

    key: Key
    chosen: str
    by: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Official:
    """The official value of a key; `decision` is None where only one value was ever given."""

    value: Observation
    decision: Decision | None


@dataclass(frozen=True)
class Approval:
    """One step of approval of an observation; back to `entered` it has a reason."""

    row: str
    level: Level
    by: str
    at: datetime
    reason: str = ""


def key_of(row: Observation) -> Key:
    """The key of an observation."""
    return Key(
        row.subject,
        row.indicator,
        row.period,
        row.measure,
        row.basis,
        row.base_period,
        row.within,
        row.status,
    )


def decide(row: Observation, *, by: str, at: datetime, why: str) -> Decision:
    """The decision for a row. Raises Refused without a name or a reason."""
    if not by.strip():
        raise Refused("no_name")
    if not why.strip():
        raise Refused("no_reason")
    return Decision(key_of(row), row.id, by.strip(), at, why.strip())


def official(key: Key, rows: Iterable[Observation], decisions: Sequence[Decision]) -> Official | None:
    """The value that the last decision on the key chose; without one, the value if all rows agree on it.

    None where rows differ and nobody decided, or where there is no row.
    """
    own = [row for row in rows if key_of(row) == key]
    last = max((d for d in decisions if d.key == key), key=lambda d: d.at, default=None)
    if last is not None:
        chosen = next((row for row in own if row.id == last.chosen), None)
        if chosen is not None:
            return Official(chosen, last)
    if own and len({(row.value * 1, row.unit) for row in own}) == 1:
        return Official(min(own, key=lambda r: r.id), None)
    return None


def level_of(row: str, approvals: Sequence[Approval]) -> Level:
    """How far an observation is approved."""
    last = max((a for a in approvals if a.row == row), key=lambda a: a.at, default=None)
    return last.level if last else "entered"


def approve(row: Observation, approvals: Sequence[Approval], *, by: str, at: datetime) -> Approval:
    """The next step of approval: entered -> checked -> released.

    Four eyes: nobody approves what they entered themselves, and nobody releases what they checked. Raises
    Refused with the code no_name, same_person, entered_by_nobody or already_released.
    """
    who = _person(by)
    if not who:
        raise Refused("no_name")
    if not _person(row.entered_by):
        raise Refused("entered_by_nobody")
    now = level_of(row.id, approvals)
    if now == "released":
        raise Refused("already_released")
    steps = sorted((a for a in approvals if a.row == row.id), key=lambda a: a.at)
    since = max((n for n, a in enumerate(steps, start=1) if a.level == "entered"), default=0)
    if who in {_person(row.entered_by), *(_person(a.by) for a in steps[since:])}:
        raise Refused("same_person")
    return Approval(row.id, LEVELS[LEVELS.index(now) + 1], by.strip(), at)


def send_back(row: Observation, *, by: str, at: datetime, reason: str) -> Approval:
    """Back to `entered`, with the reason. Raises Refused without a name or a reason."""
    if not _person(by):
        raise Refused("no_name")
    if not reason.strip():
        raise Refused("no_reason")
    return Approval(row.id, "entered", by.strip(), at, reason.strip())


def _person(name: str) -> str:
    return name.strip().casefold()
