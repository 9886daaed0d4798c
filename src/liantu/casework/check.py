"""Proving a flow: every problem at once, so that no running case can meet one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from liantu.casework.check_reach import check_reach
from liantu.casework.flow import OWNER, RELATIONS, Clock, Flow, Names, Transition
from liantu.casework.guards import GUARDS, Guard
from liantu.casework.instants import DAY
from liantu.casework.limits import Limit
from liantu.casework.sentences import flow_problem
from liantu.errors import Problem

Report = Callable[[str, str, str, str], None]
"""(code, place, found, expected)."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MOVES = ("open", "forward", "back", "refuse", "withdraw", "reopen")
_BROKEN = frozenset({"unknown_name", "no_opening", "source_missing", "target_missing", "source_wrong"})
"""With these a flow can't be explored."""


def check_flow(
    flow: Flow,
    *,
    guards: Mapping[str, Guard] = GUARDS,
    file: str | None = None,
    lines: Mapping[str, int] | None = None,
) -> tuple[Problem, ...]:
    """Everything that is wrong with a flow; empty when it is proved. `lines` tells the line of each key.

    Proved means: names are complete in both languages; whatever is named exists; every state can be
    reached, and from everywhere a final state; every step can be taken by somebody in some case; every
    clock starts and can stop; every pause can end; levels rise and reach somebody; no state waits
    unseen. `check_reach` says how it is proved.
    """
    found: list[Problem] = []

    def report(code: str, place: str, what: str, expected: str) -> None:
        found.append(flow_problem(code, file or flow.id, line_of(lines or {}, place), place, what, expected))

    _check_names(flow, report)
    _check_references(flow, report)
    for step in flow.transitions.values():
        _check_step(flow, step, report)
        _check_guards(step, guards, report)
    _check_pauses(flow, report)
    for clock in flow.clocks.values():
        _check_clock(flow, clock, report)
    _check_whole(flow, report)
    if not any(problem.code in _BROKEN for problem in found):
        for code, place, what in check_reach(flow):
            report(code, place, what, "")
    return tuple(sorted(found, key=lambda problem: problem.sort_key()))


def line_of(lines: Mapping[str, int], place: str) -> int | None:
    """The line of a key, or of the nearest key above it."""
    while place and place not in lines:
        place = place.rpartition(".")[0]
    return lines.get(place)


def _check_names(flow: Flow, report: Report) -> None:
    for place, names in _all_names(flow):
        for lang, text in (("zh", names.zh), ("en", names.en)):
            if not text.strip():
                report("name_missing", place, "", lang)
        if _CHINESE.search(names.en):
            report("name_language", f"{place}.en", names.en, "")


def _all_names(flow: Flow) -> Iterator[tuple[str, Names]]:
    yield "name", flow.names
    for party, names in flow.parties.items():
        yield f"parties.{party}", names
    for kind, named in (
        ("evidence", flow.evidence),
        ("states", flow.states),
        ("transitions", flow.transitions),
        ("clocks", flow.clocks),
    ):
        for thing in named.values():
            yield f"{kind}.{thing.id}", thing.names
    for clock in flow.clocks.values():
        for level in clock.levels:
            yield f"clocks.{clock.id}.levels.{level.number}", level.names


def _check_references(flow: Flow, report: Report) -> None:
    def known(place: str, words: Iterable[str], names: Iterable[str]) -> None:
        names = list(names)
        for word in words:
            if word not in names:
                report("unknown_name", place, word, ", ".join(names))

    pauses = [step.id for step in flow.transitions.values() if step.kind == "pause"]
    people = [*flow.parties, *RELATIONS]
    known("unowned", [flow.unowned], flow.parties)
    for party in flow.parties:
        if party in RELATIONS:
            report("name_taken", f"parties.{party}", party, "")
    for step in flow.transitions.values():
        place = f"transitions.{step.id}"
        known(f"{place}.from", step.sources, flow.states)
        known(f"{place}.to", [step.to] if step.to else [], flow.states)
        known(f"{place}.who", [word for party in step.who for word in sorted(party)], people)
        known(f"{place}.evidence", step.evidence, flow.evidence)
        known(f"{place}.accepts", step.accepts, flow.evidence)
        known(f"{place}.clocks", step.clocks, flow.clocks)
        known(f"{place}.ends", step.ends, pauses)
    for clock in flow.clocks.values():
        known(f"clocks.{clock.id}.runs_in", clock.runs_in, flow.states)
        for level in clock.levels:
            known(f"clocks.{clock.id}.levels.{level.number}.to", level.to, [*flow.parties, OWNER])


def _check_step(flow: Flow, step: Transition, report: Report) -> None:
    """What a step of its kind has and has not, and where it may start and lead."""
    place = f"transitions.{step.id}"
    if step.kind == "open" and step.sources:
        report("source_wrong", f"{place}.from", ", ".join(step.sources), "-")
    if step.kind != "open" and not step.sources:
        report("source_missing", place, "", "")
    if (step.kind in _MOVES) and step.to is None:
        report("target_missing", place, "", "")
    if step.kind not in _MOVES and step.to is not None:
        report("target_wrong", f"{place}.to", step.to, "-")
    for state in step.sources:
        if state in flow.states and step.kind not in ("open", "stay"):
            if flow.is_final(state) != (step.kind == "reopen"):
                expected = "final: true" if step.kind == "reopen" else "final: false"
                report("source_wrong", f"{place}.from", state, expected)
            elif state == step.to:
                report("target_wrong", f"{place}.to", state, "-")
    ends = step.kind in ("refuse", "withdraw")
    judged = step.to in flow.states and step.kind in _MOVES and step.kind != "forward"
    if judged and flow.is_final(step.to) is not ends:
        report("target_wrong", f"{place}.to", str(step.to), f"final: {str(ends).lower()}")
    if not step.who:
        report("nobody_may", place, "", "")
    for word in sorted(set(step.evidence) & set(step.accepts)):
        report("evidence_twice", f"{place}.accepts", word, "")


def _check_guards(step: Transition, guards: Mapping[str, Guard], report: Report) -> None:
    place = f"transitions.{step.id}.guards"
    for use in step.guards:
        guard = guards.get(use.name)
        if guard is None:
            report("unknown_name", place, use.name, ", ".join(guards))
        elif set(guard.params) != set(use.params) or not all(
            _reads(kind, use.params[name]) for name, kind in guard.params.items()
        ):
            expected = ", ".join(f"{name}: {kind.__name__}" for name, kind in guard.params.items())
            report("guard_params", place, use.name, expected or "-")


def _reads(kind: type[str] | type[int] | type[float], text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return bool(text)


def _check_pauses(flow: Flow, report: Report) -> None:
    resumes = [step for step in flow.transitions.values() if step.kind == "resume"]
    for step in flow.transitions.values():
        place = f"transitions.{step.id}"
        if step.kind == "pause":
            for state in step.sources:
                if not any(step.id in resume.ends and state in resume.sources for resume in resumes):
                    report("pause_unended", place, state, "")
            if step.while_paused:
                report("only_for_kind", f"{place}.while_paused", "", "stay, forward, back, refuse, withdraw")
            if step.limit is not None and step.limit.amount < 1:
                report("amount_wrong", f"{place}.limit", str(step.limit.amount), "")
        elif step.clocks or step.limit is not None:
            report("only_for_kind", f"{place}.{'clocks' if step.clocks else 'limit'}", "", "pause")
        if step.ends and step.kind != "resume":
            report("only_for_kind", f"{place}.ends", "", "resume")


def _check_clock(flow: Flow, clock: Clock, report: Report) -> None:
    place = f"clocks.{clock.id}"
    for state in clock.runs_in:
        if state in flow.states and flow.is_final(state):
            report("clock_in_final", f"{place}.runs_in", state, "")
    lengths: list[tuple[str, Limit | None]] = [("limit", clock.limit), ("soon", clock.soon)]
    lengths += [(f"levels.{level.number}.after", level.after) for level in clock.levels]
    for key, limit in lengths:
        if limit is not None and limit.amount < 1:
            report("amount_wrong", f"{place}.{key}", str(limit.amount), "")
        if limit is not None and limit.base != clock.limit.base:
            report("base_mixed", f"{place}.{key}", limit.unit, f"{clock.limit.base}_…")
    before: dict[str, int] = {}
    for number, level in enumerate(clock.levels, start=1):
        length = _minutes(level.after, flow)
        if level.number != number or length <= before.get(level.of, -1):
            report("levels_order", f"{place}.levels.{level.number}", str(level.number), "")
        before[level.of] = length
        if not level.to:
            report("level_to_nobody", f"{place}.levels.{level.number}", "", "")


def _minutes(limit: Limit | None, flow: Flow) -> int:
    """The length of a limit, to compare two of one base."""
    if limit is None:
        return 0
    days = flow.hours.minutes if limit.base == "working" else DAY
    return limit.amount * {"days": days, "hours": 60, "minutes": 1}[limit.unit.split("_")[1]]


def _check_whole(flow: Flow, report: Report) -> None:
    if not any(step.kind == "open" for step in flow.transitions.values()):
        report("no_opening", "transitions", "", "")
    if not any(state.final for state in flow.states.values()):
        report("no_final_state", "states", "", "")
    if not flow.hours.minutes:
        report("no_hours", "hours", "", "")
    if flow.stalled_after is None:
        for state in flow.states.values():
            if not state.final and not any(state.id in clock.runs_in for clock in flow.clocks.values()):
                report("unwatched_state", f"states.{state.id}", "", "")
    elif flow.stalled_after.amount < 1:
        report("amount_wrong", "stalled_after", str(flow.stalled_after.amount), "")
