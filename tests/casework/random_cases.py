"""Random flows of one shape, and random ways through them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from liantu.casework.act import Refusal, act
from liantu.casework.case import Actor, Case, new_case
from liantu.casework.flow import AGAINS, Clock, Flow, Level, Names, State, Transition
from liantu.casework.hours import OFFICE
from liantu.casework.limits import Limit, Unit
from tests.casework import plain

SOMEBODY = Actor("somebody")
NAMES = Names("名", "name")
OPEN_STATES = ("a", "b", "c")
STATES = (*OPEN_STATES, "done", "gone")
ANYONE = (frozenset({"anyone"}),)
LIMITS: tuple[tuple[Unit, int], ...] = (
    ("working_days", 12), ("working_hours", 60), ("working_minutes", 600),
    ("calendar_days", 20), ("calendar_hours", 300), ("calendar_minutes", 5000),
)  # fmt: skip
EDGES = (0, 510, 720, 870, 1080)
"""Minutes of the day at which work begins or ends."""
NEAR = ("2025-09-25", "2025-09-29", "2025-10-08", "2025-12-29", "2026-02-12", "2026-09-18", "2026-09-30",
        "2026-10-09", "2026-12-24", "2026-12-30", "2027-04-29", "2027-09-29")  # fmt: skip
"""Days before holidays, make-up days, year ends, and in a year without notice."""


def _step(kind: str, name: str, sources: tuple[str, ...], to: str | None, **more: object) -> Transition:
    return Transition(name, NAMES, kind, sources, to, ANYONE, **more)  # type: ignore[arg-type]


def steps(pauses: dict[str, tuple[str, ...]], while_paused: bool) -> list[Transition]:
    """From every state to every other, two pauses, their ends, and steps that stay."""
    found = [_step("open", f"open_{s}", (), s) for s in OPEN_STATES]
    for state in OPEN_STATES:
        others = tuple(s for s in OPEN_STATES if s != state)
        found.append(_step("forward", f"to_{state}", others, state, while_paused=while_paused))
        found.append(_step("reopen", f"reopen_{state}", ("done", "gone"), state))
    found += [
        _step("forward", "finish", OPEN_STATES, "done"),
        _step("withdraw", "withdraw", OPEN_STATES, "gone", while_paused=True),
        _step("stay", "note", STATES, None, while_paused=True),
    ]
    for name, clocks in pauses.items():
        found.append(_step("pause", name, OPEN_STATES, None, clocks=clocks))
    found.append(_step("resume", "resume", OPEN_STATES, None, ends=tuple(pauses)))
    return found


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Three clocks with any limit, states, way of running again, and pauses that stop them."""
    clocks = {}
    for name in ("x", "y", "z"):
        unit, most = draw(st.sampled_from(LIMITS))
        levels = tuple(Level(n, NAMES, Limit(n, unit), ("owner",)) for n in (1, 2, 3))
        clocks[name] = Clock(
            name,
            NAMES,
            tuple(draw(st.sampled_from([("a",), ("b",), ("a", "b"), ("a", "b", "c"), ("b", "c")]))),
            Limit(draw(st.integers(1, most)), unit),
            draw(st.sampled_from(AGAINS)),
            Limit(1, unit),
            levels,
        )
    subsets = st.sampled_from([("x", "y", "z"), ("x",), ("y", "z"), ()])
    transitions = steps({"p": draw(subsets), "q": draw(subsets)}, draw(st.booleans()))
    return Flow(
        id="lab",
        edition=1,
        names=NAMES,
        parties={"chief": NAMES},
        unowned="chief",
        evidence={},
        states={s: State(s, NAMES, s in ("done", "gone")) for s in STATES},
        transitions={t.id: t for t in transitions},
        clocks=clocks,
        hours=OFFICE,
        stalled_after=Limit(3, "working_days"),
    )


@dataclass(frozen=True)
class Gap:
    """How long nothing happens: minutes, then on to the next edge of work and a little beside it."""

    minutes: int
    edge: int | None
    beside: int

    def after(self, minute: int) -> int:
        then = minute + self.minutes
        if self.edge is not None:
            then = then - then % 1440 + self.edge + self.beside
        return max(then, minute)


gaps = st.builds(
    Gap,
    st.one_of(st.integers(0, 3), st.integers(0, 600), st.integers(0, 20 * 1440)),
    st.none() | st.sampled_from(EDGES),
    st.integers(-1, 1),
)
starts = st.builds(
    lambda day, minute: plain.index(datetime.fromisoformat(f"{day}T00:00:00+08:00")) + minute,
    st.sampled_from(NEAR),
    st.sampled_from(EDGES) | st.integers(0, 4 * 1440),
)
ways = st.lists(st.tuples(gaps, st.integers(0, 40), st.integers(0, 59)), min_size=4, max_size=16)


def history(flow: Flow, start: int, way: list[tuple[Gap, int, int]]) -> tuple[Case, list[int], int]:
    """A case after the steps that the engine granted, the version after each, and the steps it refused.

    Each step is drawn from those that leave the state, so that a pause may well be in the way; each
    granted step is asked for again.
    """
    case, minute, refused = new_case(flow, "case"), start, 0
    versions: list[int] = []
    state: str | None = None
    for gap, choice, second in way:
        minute = gap.after(minute) if state is not None else minute
        at = plain.instant(minute) + timedelta(seconds=second)
        if case.events and at < case.events[-1].at:
            at = case.events[-1].at
        options = flow.leaving(state)
        step = options[choice % len(options)]
        version = case.version
        answer = act(flow, case, step.id, by=SOMEBODY, at=at, version=version)
        if isinstance(answer, Refusal):
            assert answer.code in ("paused", "not_paused")
            refused += 1
            continue
        again = act(flow, answer, step.id, by=SOMEBODY, at=at, version=version)
        assert isinstance(again, Refusal)
        assert again.code == "stale_version"
        case, state = answer, step.to or state
        versions.append(case.version)
    return case, versions, refused
