"""What programs send and get of figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from liantu.web.kit.api import Code, Text, Window

Printed = Annotated[str, Field(max_length=40, pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$")]
"""A number as it was printed."""
Short = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class FigureIn(Schema):
    """A figure as it was published; subject and indicator are codes of the catalogue."""

    subject: Code
    indicator: Code
    period: Annotated[str, Field(max_length=40, description="2025, 2025-Q3, 2025-01/2025-09, @2025-09-30")]
    value: Printed
    unit: Code
    measure: Literal["level", "change", "rate", "share", "ratio", "rank", "multiple", "streak"] = "level"
    basis: Literal["", "on_year", "on_previous", "average", "cumulative"] = ""
    price: Literal["unknown", "nominal", "real"] = "unknown"
    status: Literal["actual", "expected", "target", "planned"] = "actual"
    qualifier: Literal["", "above", "below", "near", "about", "only"] = ""
    within: Short = ""
    source: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]+$")]
    source_date: date | None = None
    place: Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f]*$")] = ""


class FiguresIn(Schema):
    """Figures that are entered together: all, or none."""

    figures: Annotated[list[FigureIn], Field(min_length=1, max_length=1000)]


class FigureOut(Schema):
    """A figure with where it stands."""

    id: UUID
    subject: str
    indicator: str
    period: str | None
    value: str
    unit: str
    measure: str
    basis: str
    price: str
    status: str
    qualifier: str
    within: str
    source: str
    source_date: date | None
    place: str
    entered_at: datetime
    level: str
    official: bool
    corrected: bool
    in_force: bool
    corrects: UUID | None


class EnteredOut(Schema):
    """What was entered; findings are null where all figures are checked behind the request."""

    ids: list[UUID]
    opened: int | None
    gone: int | None


class FindingOut(Schema):
    """Figures that can't be true together; intervals are in base units, null is no bound."""

    fingerprint: str
    check: str
    severity: str
    formula: str
    expected: list[float | None] | None
    found: list[float | None] | None
    explanations: list[str]
    closed: bool
    present: bool
    figures: list[dict[str, str]] = Field(description="role and id of each figure")


class SubjectOut(Schema):
    """A subject of figures."""

    code: str
    kind: str
    name_zh: str
    name_en: str


class IndicatorOut(Schema):
    """An indicator."""

    code: str
    name_zh: str
    name_en: str
    unit: str
    kind: str
    definition: str
    formula: str | None
    steward: str


class Reason(Schema):
    """Why."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class Wanted(Window):
    """Which figures of the list."""

    subject: Short = ""
    indicator: Short = ""
    measure: Short = ""
    status: Short = ""
    level: Short = ""
    in_force: bool | None = None


class CorrectionIn(Schema):
    """What stands in the place of a figure, and why."""

    value: Printed
    reason: Annotated[Text, Field(min_length=1, max_length=500)]


class FindingsWanted(Window):
    """Which findings."""

    closed: bool = False
