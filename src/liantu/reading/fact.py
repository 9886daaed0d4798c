"""The figure that the reader proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FIELDS = (
    "file", "start", "end", "text", "subject", "indicator", "value", "unit", "period", "measure",
    "growth_basis", "status", "qualifier", "base_period", "confidence",
)  # fmt: skip
"""The keys of one fact in `--json`, in this order."""

MEASURES = ("level", "change", "rate", "rank", "share", "ratio", "multiple")
BASES = ("yoy", "avg", "cum")
STATUSES = ("actual", "expected", "target", "planned")
QUALIFIERS = ("above", "near", "about", "below", "only")
PERIOD = r"\d{4}(?:-(?:0[1-9]|1[0-2])|-Q[1-4])?|\d{4}-(?:0[1-9]|1[0-2])/\d{4}-(?:0[1-9]|1[0-2])|\d{4}/\d{4}"
"""How a period is written: 2024, 2025-09, 2025-Q1, 2025-01/2025-09, 2021/2025."""
CONFIDENT = ("value", "unit", "subject", "indicator", "period", "measure", "growth_basis", "status")


@dataclass(frozen=True)
class Fact:
    """One figure of a text.

    `start` and `end` count characters of the decoded text, so that `text` is exactly its slice.
    `value` is in `unit`, a canonical unit: CNY, t, t/a, kW, MWh, mu, person, count, %, pp, rank, times...
    `period` is '2024', '2025-01/2025-05', '2020-Q1', '2021/2025', or None. `measure` is level, change, rate,
    rank, share, ratio or multiple. `growth_basis` is yoy, avg, cum or None. `status` is actual, expected,
    target or planned. `qualifier` is above, below, near, about, only or None. `confidence` is between 0 and 1
    for each field; `rules` names the rule that set each.
    """

    file: str
    start: int
    end: int
    text: str
    subject: str | None
    indicator: str | None
    value: float | int
    unit: str
    period: str | None
    measure: str
    growth_basis: str | None
    status: str
    qualifier: str | None
    base_period: str | None
    confidence: Mapping[str, float] = field(default_factory=dict, compare=False)
    rules: Mapping[str, str] = field(default_factory=dict, compare=False)

    def as_row(self) -> dict[str, object]:
        """The fact as `--json` prints it: plain values, keys in the order of FIELDS."""
        row: dict[str, object] = {name: getattr(self, name) for name in FIELDS}
        row["confidence"] = dict(self.confidence)
        return row
