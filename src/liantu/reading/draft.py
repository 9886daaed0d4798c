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
