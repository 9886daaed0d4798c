"""Flows as data: the shipped one is proved; a damaged one is told all its faults, with their lines."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.casework import act, check, check_reach, flow_read, reader, sentences, yaml_places
from liantu.casework.check import check_flow
from liantu.casework.check_reach import explore
from liantu.casework.flow_read import flow_from_mapping, flow_from_toml, flow_from_yaml, shipped_flow
from liantu.casework.guards import GUARDS
from liantu.errors import InputError
from tests.casework.people import EVIDENCE, EXCHANGE

TEXT = resources.files("liantu.casework").joinpath("flows", "exchange.yaml").read_text(encoding="utf-8")

SMALL = """
flow: small
edition: 1
name: {zh: 小流程, en: Small}
unowned: desk
parties: {desk: {zh: 窗口, en: desk}}
evidence: {paper: {zh: 材料, en: paper, kind: file}}
states:
  new: {zh: 新, en: new}
  work: {zh: 办, en: at work}
  done: {zh: 完, en: done, final: true}
transitions:
  open: {zh: 立, en: open, kind: open, to: new, who: [anyone]}
  begin: {zh: 始, en: begin, from: [new], to: work, who: [desk], owner: self}
  end: {zh: 终, en: end, from: [work], to: done, who: [owner], evidence: [paper]}
  wait: {zh: 等, en: wait, kind: pause, from: [work], who: [owner], clocks: [all]}
  go_on: {zh: 续, en: go on, kind: resume, from: [work], who: [owner], ends: [wait]}
clocks:
  whole:
    zh: 全程
    en: whole
    runs_in: [new, work]
    limit: {working_days: 5}
    levels: [{zh: 提醒, en: tell, to: [owner]}]
"""


def damaged(*changes: tuple[str, str]) -> list[tuple[str, int | None, str | None]]:
    """(code, line, key) of what is wrong after these replacements in SMALL."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    with pytest.raises(InputError) as error:
        flow_from_yaml(text, "small.yaml")
    for problem in error.value.problems:
        for lang in ("zh", "en"):
            told = sentences.problem_sentence(problem, lang)
            assert told.startswith("small.yaml")
            assert "{" not in told.replace("{working_days: 5}", "")
    return [(p.code, p.row, p.column) for p in error.value.problems]


class TestTheExchange:
    def test_it_is_proved(self) -> None:
        assert check_flow(EXCHANGE) == ()
        assert len(explore(EXCHANGE)) > len(EXCHANGE.states)

    def test_its_way_is_the_one_of_the_city(self) -> None:
        states = list(EXCHANGE.states)
        assert states[:9] == ["stated", "taken", "contact", "site_visit", "terms", "contract", "link",
                              "supplied", "closed"]  # fmt: skip
        for here, there in pairwise(states[:9]):
            assert any(t.to == there and t.kind == "forward" for t in EXCHANGE.leaving(here))

    def test_the_stories_know_all_its_evidence(self) -> None:
        assert set(EVIDENCE) == set(EXCHANGE.evidence)

    def test_it_is_read_once(self) -> None:
        assert shipped_flow("exchange") is EXCHANGE


class TestForms:
    def test_yaml_mapping_and_toml_are_one(self) -> None:
        data: dict[str, Any] = yaml.safe_load(SMALL)
        flow = flow_from_yaml(SMALL, "small.yaml")
        assert flow_from_mapping(data, "small") == flow
        assert flow_from_toml(_toml(data), "small.toml") == flow

    def test_a_pause_may_stop_all_clocks(self) -> None:
        assert flow_from_yaml(SMALL, "small.yaml").transitions["wait"].clocks == ("whole",)

    def test_broken_toml_is_a_problem(self) -> None:
        with pytest.raises(InputError):
            flow_from_toml("a = [", "small.toml")


def _toml(data: dict[str, Any]) -> str:
    """Inline tables throughout; TOML has no null."""

    def value(item: object) -> str:
        if isinstance(item, dict):
            return "{" + ", ".join(f"{key} = {value(v)}" for key, v in item.items()) + "}"
        if isinstance(item, list):
            return "[" + ", ".join(map(value, item)) + "]"
        return json.dumps(item, ensure_ascii=False)

    text = "\n".join(f"{key} = {value(item)}" for key, item in data.items())
    assert tomllib.loads(text) == data
    return text


class TestDamages:
    @pytest.mark.parametrize(
        ("old", "new", "code", "line", "key"),
        [
            ("name: {zh: 小流程, en: Small}", "name: {zh: 小流程}", "name_missing", 4, "name"),
            ("{zh: 办, en: at work}", "{zh: 办, en: 办}", "name_language", 10, "states.work.en"),
            ("unowned: desk", "unowned: dusk", "unknown_name", 5, "unowned"),
            ("parties: {desk:", "parties: {owner: {zh: 主, en: o}, desk:", "name_taken", 6, "parties.owner"),
            ("to: work, who", "to: wrok, who", "unknown_name", 14, "transitions.begin.to"),
            ("[desk]", "[dusk]", "unknown_name", 14, "transitions.begin.who"),
            (
                "[desk], owner: self",
                "[desk], owner: self, guards: [lucky]",
                "unknown_name",
                14,
                "transitions.begin.guards",
            ),
            ("evidence: [paper]}", "evidence: [papers]}", "unknown_name", 15, "transitions.end.evidence"),
            (
                "evidence: [paper]}",
                "evidence: [paper], accepts: [paper]}",
                "evidence_twice",
                15,
                "transitions.end.accepts",
            ),
            (
                "[desk], owner: self",
                "[desk], owner: self, guards: [{name: at_least, of: paper, value: much}]",
                "guard_params",
                14,
                "transitions.begin.guards",
            ),
            ("kind: open, to: new", "kind: stay, from: [new]", "no_opening", 12, "transitions"),
            ("done, final: true", "done", "no_final_state", 8, "states"),
            (
                "  done:",
                "  lost: {zh: 失, en: lost}\n  done:",
                "unreachable_state",
                11,
                "states.lost",
            ),
            ("[desk], owner: self", "[desk]", "dead_transition", 15, "transitions.end"),
            ("[desk], owner: self", "[desk]", "no_way_out", 10, "states.work"),
            ("from: [new], to: work", "to: work", "source_missing", 14, "transitions.begin"),
            ("from: [new], to: work", "from: [new]", "target_missing", 14, "transitions.begin"),
            ("from: [work], to: done", "from: [work, done], to: done", "source_wrong", 15,
             "transitions.end.from"),
            ("from: [work], to: done", "from: [work], kind: back, to: done", "target_wrong", 15,
             "transitions.end.to"),
            ("[desk], owner: self", "[], owner: self", "nobody_may", 14, "transitions.begin"),
            ("[desk], owner: self", "[desk], owner: self, limit: {working_days: 1}", "only_for_kind", 14,
             "transitions.begin.limit"),
            ("ends: [wait]", "ends: []", "pause_unended", 16, "transitions.wait"),
            ("runs_in: [new, work]", "runs_in: [new, work, done]", "clock_in_final", 22,
             "clocks.whole.runs_in"),
            ("runs_in: [new, work]", "runs_in: []", "clock_never_starts", 22, "clocks.whole.runs_in"),
            ("runs_in: [new, work]", "runs_in: [new]", "unwatched_state", 10, "states.work"),
            ("{working_days: 5}", "{working_days: 5}\n    soon: {calendar_days: 1}", "base_mixed", 24,
             "clocks.whole.soon"),
            ("{working_days: 5}", "{working_days: 0}", "amount_wrong", 23, "clocks.whole.limit.working_days"),
            ("{working_days: 5}", "{working_days: 1e3}", "amount_wrong", 23,
             "clocks.whole.limit.working_days"),
            ("{working_days: 5}", "{weeks: 5}", "unknown_key", 23, "clocks.whole.limit.weeks"),
            ("{working_days: 5}", "", "bad_value", 23, "clocks.whole.limit"),
            ("to: [owner]}]", "to: [owner]}, {zh: 报, en: up, to: [desk]}]", "levels_order", 24,
             "clocks.whole.levels.2"),
            ("to: [owner]}]", "to: []}]", "level_to_nobody", 24, "clocks.whole.levels.1"),
            ("unowned: desk", "unowned: desk\nhours: ['9-17']", "bad_value", 6, "hours"),
            ("edition: 1", "edition: one", "amount_wrong", 3, "edition"),
            ("edition: 1", "edition: 1\nedition: 2", "duplicate_key", 4, "edition"),
            ("edition: 1", "edition: [1", "broken_yaml", 4, None),
            ("kind: open", "kind: start", "bad_value", 13, "transitions.open.kind"),
            ("done, final: true", "done, final: maybe", "bad_value", 11, "states.done.final"),
            ("zh: 全程", "color: red\n    zh: 全程", "unknown_key", 20, "clocks.whole.color"),
        ],
    )  # fmt: skip
    def test_each_is_named_with_its_line(
        self, old: str, new: str, code: str, line: int, key: str | None
    ) -> None:
        found = damaged((old, new))
        assert (code, line, key) in found, found

    def test_all_are_told_at_once(self) -> None:
        found = damaged(
            ("unowned: desk", "unowned: dusk"),
            ("to: work, who", "to: wrok, who"),
            ("to: [owner]}]", "to: []}]"),
            ("{zh: 办, en: at work}", "{en: at work}"),
        )
        assert {code for code, *_ in found} == {"unknown_name", "level_to_nobody", "name_missing"}
        assert len(found) == 4

    def test_a_flow_without_clock_for_a_state_may_watch_it_otherwise(self) -> None:
        text = SMALL.replace("[new, work]", "[new]").replace(
            "unowned: desk", "unowned: desk\nstalled_after: {working_days: 3}"
        )
        assert flow_from_yaml(text, "small.yaml").stalled_after is not None

    @pytest.mark.parametrize("text", ["", "[]", "just words", "a: *b", "a: &x [*x]", "a: &x {b: *x}"])
    def test_what_is_no_flow_is_refused(self, text: str) -> None:
        with pytest.raises(InputError):
            flow_from_yaml(text, "small.yaml")

    def test_aliases_are_not_unfolded(self) -> None:
        bomb = "a0: &a0 [x, x]\n" + "".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)
        )
        with pytest.raises(InputError):
            flow_from_yaml(bomb, "small.yaml")

    @settings(max_examples=200, deadline=None)
    @given(st.integers(0, len(SMALL) - 1), st.integers(1, 12), st.text("{}[]:,- \n\tax*&!|'\"", max_size=3))
    def test_junk_is_a_problem_and_never_a_crash(self, start: int, length: int, junk: str) -> None:
        text = SMALL[:start] + junk + SMALL[start + length :]
        with suppress(InputError):
            flow_from_yaml(text, "small.yaml")


class TestSentences:
    def test_every_code_has_one_and_every_one_a_code(self) -> None:
        modules = (check, check_reach, flow_read, reader, yaml_places)
        source = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in modules)
        assert {code for code in sentences.PROBLEMS if f'"{code}"' in source} == set(sentences.PROBLEMS)
        assert set(sentences.REFUSALS) == set(get_args(act.RefusalCode))
        assert set(sentences.GUARD_NAMES) == set(GUARDS)

    @pytest.mark.parametrize("table", [sentences.PROBLEMS, sentences.FIXES, sentences.REFUSALS,
                                       sentences.GUARD_NAMES])  # fmt: skip
    def test_both_languages_fill_in_the_same(self, table: dict[str, dict[str, str]]) -> None:
        chinese: Callable[[str], object] = re.compile(r"[\u4e00-\u9fff]").search
        for texts in table.values():
            assert chinese(texts["zh"])
            assert not chinese(texts["en"])
            assert set(re.findall(r"{\w+}", texts["zh"])) == set(re.findall(r"{\w+}", texts["en"]))
