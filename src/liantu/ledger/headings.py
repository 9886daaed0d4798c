"""What the heading of a column of figures says: period, measure, unit, status. 2025年1-9月 / 增长（%）."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from liantu.ledger.periods import BadPeriod, Period
from liantu.ledger.periods_zh import parse_period_zh
from liantu.ledger.units import Unit, find_unit

_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_MEASURES = (
    (re.compile(r"年均|平均增[长速]"), ("rate", "average")),
    (re.compile(r"环比"), ("rate", "on_previous")),
    (re.compile(r"增减额|增加额|增量|净增"), ("change", "on_year")),
    (re.compile(r"同比|增长|增速|增幅|增减|growth|yoy", re.I), ("rate", "on_year")),
    (re.compile(r"占比|比重|占.*%|share", re.I), ("share", "")),
    (re.compile(r"排名|位次|名次|rank", re.I), ("rank", "")),
    (re.compile(r"总量|绝对量|绝对值|数值|完成|实绩|指标值|累计|本期|当期|level|value", re.I), ("level", "")),
)
_STATUS = ((re.compile(r"目标|任务|target", re.I), "target"), (re.compile(r"计划|plan", re.I), "planned"),
           (re.compile(r"预计|预期|expected", re.I), "expected"))  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """What is said of a column; None and '' where it says nothing. `rest` is what was not understood."""

    period: Period | None = None
    measure: str = ""
    basis: str = ""
    status: str = ""
    unit: Unit | None = None
    rest: str = ""


def read_heading(parts: Iterable[str], year: int | None) -> Heading:
    """The heading of a column, from the texts of its header rows, top first."""
    period: Period | None = None
    measure = basis = status = ""
    unit: Unit | None = None
    rest: list[str] = []
    for part in dict.fromkeys(p for p in parts if p):
        text = unicodedata.normalize("NFKC", part)
        for inside in _BRACKETS.findall(text):
            named = find_unit(re.sub(r"^单位[:：]?", "", inside.strip()))
            unit = named or unit
        bare = _BRACKETS.sub("", text).strip()
        named_period = _period(bare, year)
        if named_period is not None:
            period = named_period[0]
            bare = named_period[1]
        for pattern, word in _STATUS:
            if pattern.search(bare):
                status, bare = word, pattern.sub("", bare)
        for pattern, (what, on) in _MEASURES:
            if pattern.search(bare):
                measure, basis, bare = what, on, ""
                break
        named = find_unit(bare) if bare else None
        if named is not None:
            unit, bare = named, ""
        if bare.strip("年度 "):
            rest.append(part)
    return Heading(period, measure, basis, status, unit, " / ".join(rest))


def _period(text: str, year: int | None) -> tuple[Period, str] | None:
    """The longest beginning of the text that is a period, and what comes after it."""
    for end in range(len(text), 0, -1):
        try:
            return parse_period_zh(text[:end], year), text[end:]
        except BadPeriod:
            continue
    return None
