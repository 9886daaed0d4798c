"""A case as a page shows it: where it stands, who owes what, clocks, history, the steps one may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liantu.casework.act import open_to
from liantu.casework.clocks import ClockState
from liantu.casework.flow import ANYONE, OPENER, OWNER, Flow, Names, Transition
from liantu.casework.steps import NextStep, Owed
from liantu.casework.view import View
from liantu.web.accounts.models import User
from liantu.web.casefile import people
from liantu.web.casefile.calendar import work_days
from liantu.web.casefile.models import Attachment, CaseEvent, EscalationSent
from liantu.web.casefile.store import Opened
from liantu.web.kit.naming import chinese

HEALTH = {
    "not_open": (gettext_lazy("not open"), "plain"),
    "done": (gettext_lazy("over"), "plain"),
    "late": (gettext_lazy("late"), "bad"),
    "stalled": (gettext_lazy("stalled"), "bad"),
    "paused": (gettext_lazy("paused"), "info"),
    "due_soon": (gettext_lazy("due soon"), "warn"),
    "on_track": (gettext_lazy("on track"), "good"),
}
STATUS = {
    "running": (gettext_lazy("running"), "info"),
    "paused": (gettext_lazy("paused"), "plain"),
    "stopped": (gettext_lazy("stopped"), "good"),
    "dropped": (gettext_lazy("dropped"), "plain"),
}
Veil = Callable[[CaseEvent], frozenset[str]]
"""What of an event this person may not see: names of evidence, and 'by', 'reason', '*' for all evidence."""


def bare(event: CaseEvent) -> frozenset[str]:
    """Nothing is hidden."""
    return frozenset()


@dataclass(frozen=True)
class Brought:
    """One piece of evidence; `value` is None where it is hidden."""

    name: str
    kind: str
    unit: str
    value: Any
    file: Attachment | None = None
    key: str = ""
    """The evidence in the flow."""

    @property
    def hidden(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class HistoryRow:
    """A step that was taken."""

    version: int
    at: datetime
    step: str
    who: str
    reason: str
    brought: tuple[Brought, ...]
    to: str
    owner: str


@dataclass(frozen=True)
class ClockRow:
    """A run of a clock."""

    name: str
    state: ClockState
    status: str
    tone: str
    left: str
    """'3 days left', 'late by 2 h', or how much was used."""
    gross: str
    """Said where the clock that nothing pauses differs."""


@dataclass(frozen=True)
class OwedRow:
    """A step that is awaited."""

    step: Transition
    name: str
    who: str
    due: datetime | None
    late: bool
    provisional: bool
    mine: bool


@dataclass(frozen=True)
class CasePage:
    """All of it."""

    opened: Opened
    view: View
    state: str
    health: str
    tone: str
    owner: User | None
    pause: str
    owed: tuple[OwedRow, ...]
    clocks: tuple[ClockRow, ...]
    history: tuple[HistoryRow, ...]
    told: tuple[tuple[EscalationSent, str, str], ...]
    offered: tuple[tuple[Transition, str], ...]
    course: tuple[tuple[str, str], ...]
    """The states of the flow's way, each done, now or ahead."""


def case_page(opened: Opened, user: User, now: datetime, veil: Veil = bare) -> CasePage:
    """The page of a case that was fetched in scope, with parties, events, attachments and escalations."""
    days, flow, file = work_days(), opened.flow, opened.file
    seen, actor = opened.view(now, days), people.actor(user, file)
    health, tone = HEALTH[seen.health]
    pause = seen.standing.pause
    owed = tuple(_owed(flow, step, seen, actor, file.owner) for step in seen.steps)
    offered = tuple((t, named(t.names)) for t in open_to(flow, opened.case, actor))
    hours = flow.hours.minutes
    return CasePage(
        opened, seen, named(flow.states[file.state].names), str(health), tone, file.owner,
        named(flow.transitions[pause.transition].names) if pause else "",
        owed, tuple(_clock(flow, state, hours) for state in seen.clocks),
        _history(opened, veil), tuple(_told(flow, e) for e in file.escalations.all()), offered,
        _course(opened),
    )  # fmt: skip


def named(names: Names) -> str:
    """In the language of the page."""
    return names.zh if chinese() else names.en


def duration(minutes: int, base: str, day: int) -> str:
    """'3 working days 2 h'; `day` are the minutes of work in a day."""
    length = day if base == "working" else 1440
    n, rest = divmod(abs(minutes), length)
    hours, left = divmod(rest, 60)
    parts = []
    if n:
        working = ngettext("%(n)s working day", "%(n)s working days", n) % {"n": n}
        parts.append(working if base == "working" else ngettext("%(n)s day", "%(n)s days", n) % {"n": n})
    if hours:
        parts.append(_("%(n)s h") % {"n": hours})
    if left and not n:
        parts.append(_("%(n)s min") % {"n": left})
    return " ".join(parts) or _("%(n)s min") % {"n": 0}


def _clock(flow: Flow, state: ClockState, day: int) -> ClockRow:
    base = flow.clocks[state.clock].limit.base
    status, tone = STATUS[state.status]
    if state.late_by:
        left, tone = _("late by %(time)s") % {"time": duration(state.late_by, base, day)}, "bad"
    elif state.is_open:
        left = _("%(time)s left") % {"time": duration(state.remaining, base, day)}
    else:
        left = _("%(time)s used") % {"time": duration(state.net, base, day)}
    gross = ""
    if state.gross_late_by and state.gross != state.net:
        gross = _("pauses counted: late by %(time)s") % {"time": duration(state.gross_late_by, base, day)}
    return ClockRow(named(flow.clocks[state.clock].names), state, str(status), tone, left, gross)


def _owed(flow: Flow, step: NextStep, seen: View, actor: Any, owner: User | None) -> OwedRow:
    transition = flow.transitions[step.transition]
    mine = step.owed.falls_to(actor, seen.standing)
    who = _who(flow, step.owed, owner)
    return OwedRow(
        transition, named(transition.names), who, step.due, step.late_by > 0, step.provisional, mine
    )


def _who(flow: Flow, owed: Owed, owner: User | None) -> str:
    if owed.people:
        return str(owner) if owner and owed.people == (str(owner.pk),) else _("the person in charge")
    return " / ".join(" + ".join(party_name(flow, t) for t in sorted(p)) for p in owed.parties)


def party_name(flow: Flow, party: str) -> str:
    """A party of a flow as it is called."""
    if party in flow.parties:
        return named(flow.parties[party])
    return {OWNER: _("owner"), OPENER: _("who opened it"), ANYONE: _("anyone")}.get(party, party)


def _told(flow: Flow, sent: EscalationSent) -> tuple[EscalationSent, str, str]:
    clock = flow.clocks[sent.clock]
    level = next((named(x.names) for x in clock.levels if x.number == sent.level), str(sent.level))
    return sent, named(clock.names), level


def _history(opened: Opened, veil: Veil) -> tuple[HistoryRow, ...]:
    flow, file = opened.flow, opened.file
    files = {str(a.pk): a for a in file.attachments.all()}
    rows = []
    for event in file.events.all():
        step, hidden = flow.transitions[event.transition], veil(event)
        rows.append(
            HistoryRow(
                event.version, event.at, named(step.names),
                _actor(flow, event, "by" in hidden),
                _("hidden") if "reason" in hidden and event.reason else event.reason,
                tuple(_brought(flow, n, v, files, hidden) for n, v in event.evidence.items()),
                named(flow.states[step.to].names) if step.to else "",
                str(event.owner) if event.owner else "",
            )
        )  # fmt: skip
    return tuple(reversed(rows))


def _actor(flow: Flow, event: CaseEvent, hidden: bool) -> str:
    role = party_name(flow, event.side) if event.side else ""
    if hidden:
        return role or party_name(flow, event.acting_as[0] if event.acting_as else ANYONE)
    return (
        f"{event.by}（{role}）" if role and chinese() else f"{event.by} ({role})" if role else str(event.by)
    )


def _brought(
    flow: Flow, name: str, value: Any, files: Mapping[str, Attachment], hidden: frozenset[str]
) -> Brought:
    of = flow.evidence[name]
    if name in hidden or "*" in hidden:
        return Brought(named(of.names), of.kind, of.unit, None, key=name)
    return Brought(named(of.names), of.kind, of.unit, value, files.get(str(value)), name)


def _course(opened: Opened) -> tuple[tuple[str, str], ...]:
    """The forward way through the flow's states, in the order of the flow."""
    flow, now = opened.flow, opened.file.state
    way = [
        s
        for s in flow.states
        if any(t.to == s and t.kind in ("open", "forward") for t in flow.transitions.values())
    ]
    if now not in way:
        return tuple((named(flow.states[s].names), "ahead") for s in way)
    at = way.index(now)
    return tuple(
        (named(flow.states[s].names), "done" if i < at else "now" if i == at else "ahead")
        for i, s in enumerate(way)
    )
