"""A fact while its sentence is read."""

from __future__ import annotations

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
