"""Figures in one line each, and a small city to hang them on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from liantu.ledger.audit import exact
from liantu.ledger.book import PlainBook
from liantu.ledger.catalogue import Catalogue, Indicator, Link, Part, Population, Subject
from liantu.ledger.finding import Finding
from liantu.ledger.formula import Formula
from liantu.ledger.ledger import Ledger
from liantu.ledger.live import audit
from liantu.ledger.observation import Observation
from liantu.ledger.periods import parse_period

_ids = count(1)

SUBJECTS = [
    Subject("city", "city", "某市", "City", complete=True),
    Subject("east", "county", "东区", "East", parts_of=(Part("city"),)),
    Subject("west", "county", "西县", "West", parts_of=(Part("city"),)),
    Subject("zone", "park", "开发区", "Zone", parts_of=(Part("city"),)),
    Subject("group", "firm", "集团", "Group", parts_of=(Part("city", strict=False),)),
]
INDICATORS = [
    Indicator("gdp", "地区生产总值", "GDP", "CNY", "flow", direction="up", additive=True, growth="real",
              pace=(0.6, 1.8)),
    Indicator("output", "工业总产值", "output", "CNY", "flow", direction="up", additive=True,
              growth="nominal"),
    Indicator("population", "常住人口", "population", "person", "stock", additive=True, drift=0.015),
    Indicator("gdp_per_head", "人均生产总值", "GDP per head", "CNY", "rate", growth="real",
              formula=Formula.parse("gdp / population")),
    Indicator("exports", "出口", "exports", "CNY", "flow", additive=True, growth="nominal"),
    Indicator("imports", "进口", "imports", "CNY", "flow", additive=True, growth="nominal"),
    Indicator("trade", "进出口", "trade", "CNY", "flow", additive=True, growth="nominal",
              formula=Formula.parse("exports + imports")),
    Indicator("intensity", "单位能耗", "intensity", "tce/CNY", "rate", direction="down"),
    Indicator("firms", "企业", "firms", "count", "stock", additive=True, growth="nominal"),
    Indicator("new_firms", "新设企业", "new firms", "count", "count", additive=True, growth="nominal"),
    Indicator("stations", "累计基站", "stations built", "count", "stock", monotone=True),
    Indicator("coverage", "覆盖率", "coverage", "%", "rate", bounds=(0, 100)),
    Indicator("world500", "世界500强", "world 500", "rank", "rank", ranks=500),
    Indicator("waste", "排放", "waste", "t", "flow", direction="down", growth="nominal"),
]  # fmt: skip
POPULATIONS = [Population("province", 14), Population("nation", 300), Population("west", None, "nation")]
CATALOGUE = Catalogue(
    {s.id: s for s in SUBJECTS},
    {i.id: i for i in INDICATORS},
    (Link(("city", "chain"), "same_as", ("city", "output")),),
    {p.name: p for p in POPULATIONS},
)


def fig(line: str, **more: Any) -> Observation:
    """'city gdp 2025 505.7 yi_CNY', 'city gdp 2025 11 % rate on_year': the step is the last digit's place."""
    subject, indicator, period, value, unit, *rest = line.split()
    exact_unit = unit in ("count", "person", "rank", "month", "times")
    number = Decimal(value)
    places = len(value.partition(".")[2])
    fields: dict[str, Any] = {
        "id": f"r{next(_ids)}",
        "subject": subject,
        "indicator": indicator,
        "period": None if period == "-" else parse_period(period),
        "value": number,
        "unit": unit,
        "step": Decimal(0) if exact_unit and "." not in value else Decimal(1).scaleb(-places),
        "measure": rest[0] if rest else "level",
        "basis": rest[1] if len(rest) > 1 else "",
        "source": "report",
        "source_date": date(2026, 1, 10),
        "entered_by": "li",
    }
    if isinstance(more.get("base_period"), str):
        more["base_period"] = parse_period(more["base_period"])
    return Observation(**(fields | more))


def found(*rows: Observation, catalogue: Catalogue = CATALOGUE) -> list[Finding]:
    """The findings of these rows; the screens and the plain run over everything must agree."""
    plain = PlainBook(rows, catalogue)
    everything = exact(plain, plain.series)
    screened = audit(Ledger.of(rows), catalogue)
    assert [f.fingerprint for f in everything] == [f.fingerprint for f in screened]
    return screened


def codes(*rows: Observation, **more: Any) -> list[str]:
    """The checks that fire, with their severity: 'growth_level error'."""
    return [f"{f.check} {f.severity}" for f in found(*rows, **more)]


def texts(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Check and fingerprint of each."""
    return [(f.check, f.fingerprint) for f in findings]
