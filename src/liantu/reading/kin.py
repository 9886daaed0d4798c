"""What a bare word before a figure means after the figure before it: 农村居民, 成交额, 亿元以上项目."""

from __future__ import annotations

import re

from liantu.reading.draft import Draft
from liantu.reading.patterns import AMIDST, WHOLES, WORK_BEHIND
from liantu.reading.phrase import Head

_OTHERS = {
    ("urban_income", "农村"): "rural_income",
    ("rural_income", "城镇"): "urban_income",
    ("urban_consumption", "农村"): "rural_consumption",
    ("rural_consumption", "城镇"): "urban_consumption",
    ("resident_income", "农村"): "rural_income",
    ("resident_income", "城镇"): "urban_income",
    ("resident_consumption", "农村"): "rural_consumption",
    ("resident_consumption", "城镇"): "urban_consumption",
}
_RESIDENTS = re.compile("(城镇|农村)(?:常住)?居民?$")
_SUMS = ("成交额", "成交金额", "合同成交额", "交易额", "合同金额")
_KINDRED = re.compile("项目|projects|企业|enterprises")
_BOUND = re.compile(r"[\d.]*[十百千]?[万亿]+元以上(?=.)")


def kin(last: Draft, head: Head, text: str) -> str | None:
    """The indicator that a bare word means after that of the figure before; None where it stands alone."""
    name = str(last.indicator)
    other = _RESIDENTS.fullmatch(head.name)
    if other:
        return _OTHERS.get((name, other[1]))
    if head.name == "resident_consumption" and name in ("urban_income", "rural_income"):
        bare = text[head.start] == "人" and text[head.start - 2 : head.start] != "居民"
        return name.replace("income", "consumption") if bare else None
    return "tech_contracts" if head.name in _SUMS and "技术合同" in name else None


def apart(head: Head, drafts: list[Draft]) -> bool:
    """Whether 亿元以上项目 is a thing of its own: no figure of the sentence is of projects or firms."""
    if _BOUND.match(head.name) is None and not head.name.startswith("亿元以上"):
        return False
    return not any(_KINDRED.search(str(d.indicator)) for d in drafts)


def with_parent(head: Head, d: Draft, text: str, start: int, drafts: list[Draft]) -> Head:
    """火电 after 装机容量…其中 is 火电装机容量."""
    among = text.find("其中", start, d.q.start)
    bare = not head.canonical and len(head.name) <= 4 and d.q.kind in ("power", "energy")
    if among < 0 or not drafts or not bare:
        return head
    parent = next((p for p in drafts if p.unit == d.unit and p.canonical), None)
    if parent is None:
        return head
    words = WHOLES.get(parent.indicator or "", "")
    return Head(head.name + words, "own words and what they are part of (其中)", False)


def next_work(d: Draft, text: str, drafts: list[Draft]) -> bool:
    """Whether it is 36亿元 in 总投资58亿元的甲电站、36亿元的乙产业园."""
    if not drafts or drafts[-1].indicator != "total_investment":
        return False
    return text[d.q.start - 1] in "、和及与" and WORK_BEHIND.match(text, d.q.end) is not None


def amidst(p: Draft, text: str) -> bool:
    """Whether a count is of those among whom something is ranked: 在全省14个市州中."""
    return AMIDST.search(text, max(0, p.q.start - 8), p.q.start) is not None
