"""Figures as rows of the database and as the ledger's observations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from liantu.ledger.columns import SCHEMA
from liantu.ledger.decisions import key_of
from liantu.ledger.observation import Observation, content_key, digest_of
from liantu.ledger.periods import Period
from liantu.ledger.units import unit_of
from liantu.web.figures.models import ObservationRow

PLAIN = (
    "id", "subject", "indicator", "start", "end", "point", "value", "step", "unit", "measure", "basis",
    "price", "status", "qualifier", "base_start", "base_end", "base_point", "within", "source",
    "source_date", "place", "entered_by__username", "entered_at", "corrects_id", "doubts",
)  # fmt: skip
"""The fields of a row in the order of the ledger's table."""


def period_of(start: date | None, end: date | None, point: bool) -> Period | None:
    """The period between two stored days."""
    return None if start is None or end is None else Period(start, end, point)


def observation_of(row: ObservationRow) -> Observation:
    """The observation of a row; `entered_by` has to be fetched with it."""
    said: dict[str, Any] = {
        "measure": row.measure, "basis": row.basis, "price": row.price, "status": row.status,
        "qualifier": row.qualifier,
    }  # fmt: skip
    return Observation(
        id=str(row.pk), subject=row.subject, indicator=row.indicator,
        period=period_of(row.start, row.end, row.point), value=Decimal(row.value), unit=row.unit,
        step=Decimal(row.step), base_period=period_of(row.base_start, row.base_end, row.base_point),
        within=row.within, source=row.source, source_date=row.source_date, place=row.place,
        entered_by=row.entered_by.username if row.entered_by else "", entered_at=row.entered_at,
        corrects=str(row.corrects_id or ""), doubts=frozenset(filter(None, row.doubts.split(";"))), **said,
    )  # fmt: skip


def key_digest(seen: Observation) -> str:
    """What rows of one key share."""
    k = key_of(seen)
    parts = (
        k.subject, k.indicator, str(k.period or ""), k.measure, k.basis, str(k.base_period or ""), k.within,
        k.status,
    )  # fmt: skip
    return digest_of(parts)


def fields_of(seen: Observation) -> dict[str, Any]:
    """What a row says, without who entered it, its number and its document."""
    period, base = seen.period, seen.base_period
    return {
        "subject": seen.subject, "indicator": seen.indicator,
        "start": period.start if period else None, "end": period.end if period else None,
        "point": bool(period and period.point), "value": f"{seen.value:f}", "step": f"{seen.step:f}",
        "amount": float(seen.value * unit_of(seen.unit).factor), "unit": seen.unit, "measure": seen.measure,
        "basis": seen.basis, "price": seen.price, "status": seen.status, "qualifier": seen.qualifier,
        "base_start": base.start if base else None, "base_end": base.end if base else None,
        "base_point": bool(base and base.point), "within": seen.within, "source": seen.source,
        "source_date": seen.source_date, "place": seen.place, "doubts": ";".join(sorted(seen.doubts)),
        "key": key_digest(seen), "content": digest_of(content_key(seen)),
    }  # fmt: skip


def table_of(rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    """The ledger's table of rows fetched by `values_list(*PLAIN)`."""
    found = [_plain(row) for row in rows]
    return pl.DataFrame({name: [row[i] for row in found] for i, name in enumerate(SCHEMA)}, schema=SCHEMA)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    at: datetime | None = row[22]
    return (
        str(row[0]), *row[1:21], row[21] or "", at.isoformat() if at else "", str(row[23] or ""), row[24],
    )  # fmt: skip


def undoubted(seen: Observation) -> Observation:
    """The same, after a person looked at each of its fields."""
    return replace(seen, doubts=frozenset())
