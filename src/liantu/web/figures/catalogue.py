"""The catalogue as the ledger takes it, out of the rows that people keep; and keeping them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from liantu.ledger import catalogue as ledger
from liantu.ledger.formula import Formula
from liantu.web.accounts.models import User
from liantu.web.audit.actions import difference, record
from liantu.web.figures.models import Indicator, Rules, Subject
from liantu.web.kit.keep import Kept

_kept: Kept[int, ledger.Catalogue] = Kept(4)
SUBJECT_FIELDS = ("kind", "name_zh", "name_en", "aliases", "start", "end", "parts_of", "complete")
INDICATOR_FIELDS = (
    "name_zh", "name_en", "unit", "kind", "definition", "direction", "aliases", "steward", "start", "end",
    "additive", "growth", "formula", "drift", "pace", "monotone", "bounds", "ranks",
)  # fmt: skip


def rules() -> Rules:
    """The one row of rules."""
    return Rules.objects.get_or_create(pk=1)[0]


def locked() -> Rules:
    """The same, held by this transaction: writers come one after the other."""
    rules()
    found: Rules = Rules.objects.select_for_update().get(pk=1)
    return found


def current() -> ledger.Catalogue:
    """The catalogue as it is now; one query where it has not changed."""
    return _kept.get(rules().revision, _read)


def forget() -> None:
    """For tests, whose databases begin anew."""
    _kept.clear()


def _read() -> ledger.Catalogue:
    row = rules()
    subjects = {s.code: _subject(s) for s in Subject.objects.all()}
    indicators = {i.code: _indicator(i) for i in Indicator.objects.all()}
    links = tuple(
        ledger.Link(tuple(x["of"]), x["relation"], tuple(x["to"]), x["strict"], x["note"]) for x in row.links
    )
    populations = {
        p["name"]: ledger.Population(p["name"], p["size"], p["within"], tuple(p["aliases"]))
        for p in row.populations
    }
    return ledger.Catalogue(subjects, indicators, links, populations, frozenset(row.generic))


def _subject(s: Subject) -> ledger.Subject:
    parts = tuple(ledger.Part(of, strict) for of, strict in s.parts_of)
    kind: Any = s.kind
    return ledger.Subject(
        s.code, kind, s.name_zh, s.name_en, tuple(s.aliases), s.start or date.min, s.end or date.max, parts,
        s.complete,
    )  # fmt: skip


def _indicator(i: Indicator) -> ledger.Indicator:
    kind, direction, growth = _any(i.kind), _any(i.direction), _any(i.growth)
    return ledger.Indicator(
        i.code, i.name_zh, i.name_en, i.unit, kind, i.definition, direction, tuple(i.aliases), i.steward,
        i.start or date.min, i.end or date.max, i.additive, growth,
        Formula.parse(i.formula) if i.formula else None, i.drift, _pair(i.pace), i.monotone, _pair(i.bounds),
        i.ranks,
    )  # fmt: skip


def _any(value: Any) -> Any:
    return value


def _pair(value: Any) -> Any:
    return None if value is None else (value[0], value[1])


def load(found: ledger.Catalogue, *, by: User | None) -> tuple[int, int]:
    """Take the catalogue of a file over; what a person has edited stays. How many subjects and indicators."""
    with transaction.atomic():
        row = locked()
        for s in found.subjects.values():
            _keep(Subject, s.id, _said_subject(s))
        for i in found.indicators.values():
            _keep(Indicator, i.id, _said_indicator(i))
        row.links = [
            {"of": x.of, "relation": x.relation, "to": x.to, "strict": x.strict, "note": x.note}
            for x in found.links
        ]
        row.populations = [
            {"name": p.name, "size": p.size, "within": p.within, "aliases": list(p.aliases)}
            for p in found.populations.values()
        ]
        row.generic = sorted(found.generic)
        row.revision += 1
        row.save()
        counts = len(found.subjects), len(found.indicators)
        record("figures.catalogue", by=by, detail={"rows": sum(counts)})
    return counts


def _keep(model: Any, code: str, said: Mapping[str, Any]) -> None:
    row, made = model.objects.get_or_create(code=code, defaults=said)
    if not made and not row.edited and any(getattr(row, k) != v for k, v in said.items()):
        model.objects.filter(pk=row.pk).update(**said)


def _day(value: date) -> date | None:
    return None if value in (date.min, date.max) else value


def _said_subject(s: ledger.Subject) -> dict[str, Any]:
    return {
        "kind": s.kind, "name_zh": s.zh, "name_en": s.en, "aliases": list(s.aliases), "start": _day(s.start),
        "end": _day(s.end), "parts_of": [[p.of, p.strict] for p in s.parts_of], "complete": s.complete,
    }  # fmt: skip


def _said_indicator(i: ledger.Indicator) -> dict[str, Any]:
    return {
        "name_zh": i.zh, "name_en": i.en, "unit": i.unit, "kind": i.kind, "definition": i.definition,
        "direction": i.direction, "aliases": list(i.aliases), "steward": i.steward, "start": _day(i.start),
        "end": _day(i.end), "additive": i.additive, "growth": i.growth,
        "formula": i.formula.text if i.formula else "", "drift": i.drift,
        "pace": list(i.pace) if i.pace else None, "monotone": i.monotone,
        "bounds": list(i.bounds) if i.bounds else None, "ranks": i.ranks,
    }  # fmt: skip


def save(row: Subject | Indicator, said: Mapping[str, Any], *, by: User) -> None:
    """Add or change a subject or an indicator; the figures are checked again."""
    from liantu.web.jobs.actions import enqueue

    kind = "subject" if isinstance(row, Subject) else "indicator"
    before = {k: _plain(getattr(row, k)) for k in said} if row.pk else {}
    with transaction.atomic():
        held = locked()
        for name, value in said.items():
            setattr(row, name, value)
        row.edited = True
        row.save()
        held.revision += 1
        held.save(update_fields=["revision"])
        enqueue("figures.check_all", by=None)
        detail = difference(before, {k: _plain(v) for k, v in said.items()})
        record(f"figures.{kind}", by=by, kind=kind, object=row.code, detail=detail)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
