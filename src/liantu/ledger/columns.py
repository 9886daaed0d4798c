"""Observations as columns: the form in which a million of them is held, stored and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from liantu.ledger.observation import Observation
from liantu.ledger.periods import Period

TEXT = pl.String
SCHEMA: dict[str, Any] = {
    "id": TEXT, "subject": TEXT, "indicator": TEXT,
    "start": pl.Date, "end": pl.Date, "point": pl.Boolean,
    "value": TEXT, "step": TEXT, "unit": TEXT,
    "measure": TEXT, "basis": TEXT, "price": TEXT, "status": TEXT, "qualifier": TEXT,
    "base_start": pl.Date, "base_end": pl.Date, "base_point": pl.Boolean,
    "within": TEXT, "source": TEXT, "source_date": pl.Date, "place": TEXT,
    "entered_by": TEXT, "entered_at": TEXT, "corrects": TEXT, "doubts": TEXT,
}  # fmt: skip
"""Columns of the ledger's table. Numbers are text, so that they stay exact; `doubts` are parted by ';'."""


def table_of(seen: Iterable[Observation]) -> pl.DataFrame:
    """The observations as rows of the table."""
    rows = [_record(one) for one in seen]
    return pl.DataFrame({name: [row[i] for row in rows] for i, name in enumerate(SCHEMA)}, schema=SCHEMA)


def _record(one: Observation) -> tuple[object, ...]:
    period, base = one.period, one.base_period
    return (
        one.id, one.subject, one.indicator,
        period.start if period else None, period.end if period else None, bool(period and period.point),
        f"{one.value:f}", f"{one.step:f}", one.unit,
        one.measure, one.basis, one.price, one.status, one.qualifier,
        base.start if base else None, base.end if base else None, bool(base and base.point),
        one.within, one.source, one.source_date, one.place,
        one.entered_by, one.entered_at.isoformat() if one.entered_at else "", one.corrects,
        ";".join(sorted(one.doubts)),
    )  # fmt: skip


def observation_of(row: Mapping[str, Any]) -> Observation:
    """The observation in a row of the table."""
    return Observation(
        id=row["id"],
        subject=row["subject"],
        indicator=row["indicator"],
        period=_period(row["start"], row["end"], row["point"]),
        value=Decimal(row["value"]),
        unit=row["unit"],
        step=Decimal(row["step"]),
        measure=row["measure"],
        basis=row["basis"],
        price=row["price"],
        status=row["status"],
        qualifier=row["qualifier"],
        base_period=_period(row["base_start"], row["base_end"], row["base_point"]),
        within=row["within"],
        source=row["source"],
        source_date=row["source_date"],
        place=row["place"],
        entered_by=row["entered_by"],
        entered_at=datetime.fromisoformat(row["entered_at"]) if row["entered_at"] else None,
        corrects=row["corrects"],
        doubts=frozenset(filter(None, row["doubts"].split(";"))),
    )


def observations_of(table: pl.DataFrame) -> list[Observation]:
    """Every observation in the table."""
    return [observation_of(row) for row in table.iter_rows(named=True)]


def _period(start: date | None, end: date | None, point: bool | None) -> Period | None:
    return None if start is None or end is None else Period(start, end, bool(point))
