"""SDMX-CSV 2.0: the ledger's rows out, and back without loss.

STRUCTURE, STRUCTURE_ID and ACTION as the standard has them; a column a dimension, OBS_VALUE, a column an
attribute. TIME_PERIOD is an SDMX time (2025, 2025-Q1, 2025-09, 2025-09-30, 2025-01-01/P9M); PERIOD says the
same in the ledger's way, for points in time and open ends, which SDMX doesn't have.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from liantu.data.encoding import decode
from liantu.errors import InputError, Problem
from liantu.ledger.observation import BadObservation, Observation
from liantu.ledger.periods import BadPeriod, Period, parse_period
from liantu.ledger.units import UNITS

STRUCTURE = "LIANTU:FIGURES(1.0.0)"
COLUMNS = (
    "STRUCTURE", "STRUCTURE_ID", "ACTION", "OBS_ID", "SUBJECT", "INDICATOR", "MEASURE", "BASIS",
    "PRICE_BASIS", "STATUS", "TIME_PERIOD", "OBS_VALUE", "STEP", "UNIT_MEASURE", "PERIOD", "BASE_PERIOD",
    "QUALIFIER", "WITHIN", "SOURCE", "SOURCE_DATE", "PLACE", "ENTERED_BY", "ENTERED_AT", "CORRECTS", "DOUBTS",
)  # fmt: skip


def sdmx_csv(rows: Iterable[Observation]) -> str:
    """The rows as SDMX-CSV 2.0, in the order given; numbers as they were printed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(_record(row))
    return out.getvalue()


def _record(row: Observation) -> tuple[str, ...]:
    return (
        "dataflow", STRUCTURE, "R" if row.corrects else "A", row.id, row.subject, row.indicator,
        row.measure, row.basis or "_Z", row.price, row.status, time_period(row.period),
        f"{row.value:f}", f"{row.step:f}", row.unit, str(row.period or ""), str(row.base_period or ""),
        row.qualifier, row.within, row.source,
        row.source_date.isoformat() if row.source_date else "", row.place, row.entered_by,
        row.entered_at.isoformat() if row.entered_at else "", row.corrects, ";".join(sorted(row.doubts)),
    )  # fmt: skip


def time_period(period: Period | None) -> str:
    """The period as an SDMX time; '' for none and for one with an open end."""
    if period is None or period.open:
        return ""
    if period.kind in ("year", "quarter", "month", "day"):
        return str(period)
    if period.point:
        return period.end.isoformat()
    length = f"P{period.months}M" if period.monthly else f"P{period.days}D"
    return f"{period.start.isoformat()}/{length}"


def read_sdmx_csv(content: bytes, file: str) -> tuple[Observation, ...]:
    """The rows of an SDMX-CSV. Raises InputError with every problem."""
    text, problems = decode(content, file)
    if text is None:
        raise InputError(problems)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = reader.fieldnames or []
    needed = ("SUBJECT", "INDICATOR", "OBS_VALUE", "UNIT_MEASURE")
    found = [Problem(file, 1, name, "missing_column", "", name, f"add the column {name}")
             for name in needed if name not in header]  # fmt: skip
    rows: list[Observation] = []
    if not found:
        for number, record in enumerate(reader, start=2):
            _read(record, number, file, rows, found)
    if found:
        raise InputError(found)
    return tuple(rows)


def _read(
    record: dict[str, str | None], number: int, file: str, rows: list[Observation], problems: list[Problem]
) -> None:
    said = {name: (value or "").strip() for name, value in record.items() if isinstance(value, str | None)}
    before = len(problems)

    def take(column: str, convert: Any, expected: str) -> Any:
        try:
            return convert(said[column]) if said.get(column) else None
        except (ValueError, InvalidOperation, BadPeriod):
            fix = f"write {expected}"
            problems.append(Problem(file, number, column, "bad_value", said[column][:80], expected, fix))
            return None

    period = take("PERIOD", parse_period, "a period") or take("TIME_PERIOD", sdmx_period, "an SDMX time")
    value = take("OBS_VALUE", Decimal, "a number")
    step = take("STEP", Decimal, "a number")
    if said["UNIT_MEASURE"] not in UNITS:
        fix = "see the units in docs/ledger.md"
        problems.append(Problem(file, number, "UNIT_MEASURE", "unknown_unit", said["UNIT_MEASURE"], "", fix))
    if value is None and len(problems) == before:
        problems.append(Problem(file, number, "OBS_VALUE", "missing_value", "", "a number", "write a number"))
    base = take("BASE_PERIOD", parse_period, "a period")
    on, at = (
        take("SOURCE_DATE", date.fromisoformat, "a day"),
        take("ENTERED_AT", datetime.fromisoformat, "a time"),
    )
    if len(problems) > before:
        return
    basis: Any = said.get("BASIS", "").removeprefix("_Z")
    fields: dict[str, Any] = {
        "measure": said.get("MEASURE") or "level", "price": said.get("PRICE_BASIS") or "unknown",
        "status": said.get("STATUS") or "actual", "qualifier": said.get("QUALIFIER", ""),
    }  # fmt: skip
    try:
        rows.append(
            Observation(
                id=said.get("OBS_ID") or f"{file}!{number}",
                subject=said["SUBJECT"],
                indicator=said["INDICATOR"],
                period=period,
                value=value,
                unit=said["UNIT_MEASURE"],
                basis=basis,
                step=Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0)) if step is None else step,
                base_period=base,
                within=said.get("WITHIN", ""),
                source=said.get("SOURCE", ""),
                source_date=on,
                place=said.get("PLACE", ""),
                entered_by=said.get("ENTERED_BY", ""),
                entered_at=at,
                corrects=said.get("CORRECTS", ""),
                doubts=frozenset(filter(None, said.get("DOUBTS", "").split(";"))),
                **fields,
            )
        )
    except BadObservation as error:
        fix = "correct the row: docs/ledger.md lists the words"
        problems.append(Problem(file, number, None, "bad_value", str(error), "", fix))


def sdmx_period(text: str) -> Period:
    """An SDMX time: 2025, 2025-A1, 2025-Q1, 2025-S1, 2025-M09, 2025-09, a day, or start/duration."""
    start, slash, length = text.partition("/")
    if slash and length.startswith("P"):
        first = date.fromisoformat(start[:10])
        amount, unit = int(length[1:-1]), length[-1]
        if unit == "D":
            return Period(first, date.fromordinal(first.toordinal() + amount - 1))
        months = amount * (12 if unit == "Y" else 1)
        past = first.year * 12 + first.month - 1 + months
        after = date(past // 12, past % 12 + 1, first.day)
        return Period(first, date.fromordinal(after.toordinal() - 1))
    plain = text.replace("-A1", "").replace("-S", "-H")
    return parse_period(plain.replace("-M", "-"))
