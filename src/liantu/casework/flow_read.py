"""A flow from YAML, TOML or a mapping, with everything that is wrong with it at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import TypeVar

from liantu.casework.check import check_flow
from liantu.casework.flow import (
    AGAINS,
    EVIDENCE_KINDS,
    KINDS,
    OWNERS,
    Clock,
    Evidence,
    Flow,
    GuardUse,
    Level,
    State,
    Transition,
    parties,
)
from liantu.casework.guards import GUARDS, Guard
from liantu.casework.reader import Reader
from liantu.casework.sentences import flow_problem
from liantu.casework.yaml_places import read_yaml
from liantu.errors import InputError

KEYS = ("flow", "edition", "name", "hours", "unowned", "stalled_after", "parties", "evidence", "states",
         "transitions", "clocks")  # fmt: skip
"""The keys of a flow."""
_STEP = ("zh", "en", "kind", "from", "to", "who", "evidence", "accepts", "guards", "needs_reason", "owner",
         "while_paused", "clocks", "limit", "ends")  # fmt: skip
_CLOCK = ("zh", "en", "runs_in", "limit", "again", "soon", "levels")
_ALL = "all"

T = TypeVar("T")


@cache
def shipped_flow(name: str) -> Flow:
    """A flow that comes with liantu: 'exchange'."""
    text = resources.files("liantu.casework").joinpath("flows", f"{name}.yaml").read_text(encoding="utf-8")
    return flow_from_yaml(text, f"{name}.yaml")


def flow_from_yaml(text: str, file: str, guards: Mapping[str, Guard] = GUARDS) -> Flow:
    """The proved flow of a YAML text. Raises InputError with every problem."""
    data, lines, problems = read_yaml(text, file)
    if problems:
        raise InputError(problems)
    return _read(data, file, lines, guards)


def flow_from_toml(text: str, file: str, guards: Mapping[str, Guard] = GUARDS) -> Flow:
    """The proved flow of a TOML text. Raises InputError with every problem."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([flow_problem("bad_value", file, None, "", str(error), "TOML")]) from error
    return _read(data, file, {}, guards)


def flow_from_mapping(data: Mapping[str, object], file: str, guards: Mapping[str, Guard] = GUARDS) -> Flow:
    """The proved flow of a mapping with the keys of the YAML form. Raises InputError with every problem."""
    return _read(data, file, {}, guards)


def _read(data: object, file: str, lines: Mapping[str, int], guards: Mapping[str, Guard]) -> Flow:
    reader = Reader(file, lines)
    flow = _flow(reader, data)
    if reader.problems:
        raise InputError(sorted(reader.problems, key=lambda problem: problem.sort_key()))
    problems = check_flow(flow, guards=guards, file=file, lines=lines)
    if problems:
        raise InputError(problems)
    return flow


def _flow(reader: Reader, data: object) -> Flow:
    root = reader.mapping(data, "", KEYS)
    clocks = _each(reader, root, "clocks", _clock)
    return Flow(
        id=reader.text(root, "flow", ""),
        edition=reader.integer(root, "edition", ""),
        names=reader.names(reader.mapping(root.get("name"), "name", ("zh", "en"))),
        hours=reader.hours(root, "hours"),
        unowned=reader.text(root, "unowned", ""),
        stalled_after=reader.limit(root, "stalled_after", ""),
        parties=_each(
            reader, root, "parties", lambda r, _, node, at: r.names(r.mapping(node, at, ("zh", "en")))
        ),
        evidence=_each(reader, root, "evidence", _evidence),
        states=_each(reader, root, "states", _state),
        transitions=_each(reader, root, "transitions", lambda r, *args: _transition(r, tuple(clocks), *args)),
        clocks=clocks,
    )


def _each(
    reader: Reader, root: Mapping[str, object], key: str, read: Callable[[Reader, str, object, str], T]
) -> dict[str, T]:
    """Every entry of a section, read."""
    section = reader.mapping(root.get(key), key)
    return {name: read(reader, name, node, f"{key}.{name}") for name, node in section.items()}


def _evidence(reader: Reader, name: str, node: object, at: str) -> Evidence:
    given = reader.mapping(node, at, ("zh", "en", "kind", "unit"))
    kind = reader.choice(given, "kind", at, EVIDENCE_KINDS, "text")
    return Evidence(name, reader.names(given), kind, reader.optional(given, "unit", at))


def _state(reader: Reader, name: str, node: object, at: str) -> State:
    given = reader.mapping(node, at, ("zh", "en", "final"))
    return State(name, reader.names(given), reader.flag(given, "final", at))


def _transition(reader: Reader, clocks: tuple[str, ...], name: str, node: object, at: str) -> Transition:
    given = reader.mapping(node, at, _STEP)
    kind = reader.choice(given, "kind", at, KINDS, "forward")
    paused = reader.words(given, "clocks", at)
    return Transition(
        id=name,
        names=reader.names(given),
        kind=kind,
        sources=reader.words(given, "from", at),
        to=reader.optional(given, "to", at) or None,
        who=parties(reader.words(given, "who", at)),
        evidence=reader.words(given, "evidence", at),
        accepts=reader.words(given, "accepts", at),
        guards=tuple(
            _guard(reader, item, f"{at}.guards.{n}")
            for n, item in enumerate(reader.items(given, "guards", at), start=1)
        ),
        needs_reason=reader.flag(given, "needs_reason", at),
        owner=reader.choice(given, "owner", at, OWNERS, "keep"),
        while_paused=reader.flag(given, "while_paused", at),
        clocks=clocks if paused == (_ALL,) else paused,
        limit=reader.limit(given, "limit", at),
        ends=reader.words(given, "ends", at),
    )


def _guard(reader: Reader, node: object, at: str) -> GuardUse:
    """`has_owner`, or `{name: at_least, of: tonnes, value: 1}`."""
    if isinstance(node, str):
        return GuardUse(node)
    given = reader.mapping(node, at)
    params = {key: reader.text(given, key, at) for key in given if key != "name"}
    return GuardUse(reader.text(given, "name", at), params)


def _clock(reader: Reader, name: str, node: object, at: str) -> Clock:
    given = reader.mapping(node, at, _CLOCK)
    return Clock(
        id=name,
        names=reader.names(given),
        runs_in=reader.words(given, "runs_in", at),
        limit=reader.needed_limit(given, "limit", at),
        again=reader.choice(given, "again", at, AGAINS, "fresh"),
        soon=reader.limit(given, "soon", at),
        levels=tuple(
            _level(reader, n, item, f"{at}.levels.{n}")
            for n, item in enumerate(reader.items(given, "levels", at), start=1)
        ),
    )


def _level(reader: Reader, number: int, node: object, at: str) -> Level:
    given = reader.mapping(node, at, ("zh", "en", "after", "to", "of"))
    return Level(
        number=number,
        names=reader.names(given),
        after=reader.limit(given, "after", at),
        to=reader.words(given, "to", at),
        of=reader.choice(given, "of", at, ("net", "gross"), "net"),
    )
