"""A fact while its sentence is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from liantu.reading.quantity import Quantity


@dataclass
class Draft:
    """A fact while its sentence is read; places are those of the reading text."""

    q: Quantity
    value: float
    unit: str
    measure: str
    indicator: str | None = None
    subject: str | None = None
    period: str | None = None
    base_period: str | None = None
    basis: str | None = None
    status: str = "actual"
    qualifier: str | None = None
    canonical: bool = False
    rules: dict[str, str] = field(default_factory=dict)
    trust: dict[str, float] = field(default_factory=dict)

    def set(self, name: str, value: object, rule: str, trust: float) -> None:
        """One field with the rule that set it."""
        setattr(self, name, value)
        self.rules[name] = rule
        self.trust[name] = trust

    def years_apart(self) -> int:
        """Years between a level and the one that it is compared with; 0 where it is compared with none."""
        if re.fullmatch(r"\d{8}", f"{self.base_period}{self.period}"):
            return int(str(self.period)) - int(str(self.base_period))
        return 0


def ends_of(drafts: list[Draft], i: int) -> tuple[int, int] | None:
    """The years of two levels of the same indicator that an average growth without a span follows."""
    d = drafts[i]
    if d.basis != "avg" or "/" in str(d.period):
        return None
    same = [p for p in drafts[:i] if p.measure == "level" and p.unit != "%"]
    same = [p for p in same if p.indicator == d.indicator and re.fullmatch(r"\d{4}", p.period or "")]
    years = [int(str(p.period)) for p in same[-2:]]
    based = next((p for p in reversed(drafts[:i]) if p.base_period and p.indicator == d.indicator), None)
    if len(years) < 2 and based and re.fullmatch(r"\d{8}", f"{based.base_period}{based.period}"):
        years = [int(str(based.base_period)), int(str(based.period))]
    return (years[0], years[1]) if len(years) == 2 and years[0] < years[1] - 1 else None
