"""The one way from what is stored to what somebody sees: every page, export, answer and error takes it.

`Shown` is a statement as one person sees it. What its enterprise hid is not in it at all, and nothing that
would give it away: the name takes with it the place, the park, the contact, who stated it, the note (free
text may name), the distance and the freight; the price takes with it what is computed or sorted by it, and
the note. Within a proposal an objection that rests on what is hidden is left out, so that neither a match nor
its absence tells anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, F, FloatField, Q, Value, When

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission, Reach
from liantu.web.exchange.models import Statement
from liantu.web.exchange.pairing import RESTS_ON
from liantu.web.kit.naming import Named


@dataclass(frozen=True)
class Shown:
    """A statement as one person sees it; None where they may not, or where there is nothing.

    `whole`: nothing is kept back. `name_hidden` and `price_hidden` say what is.
    """

    id: UUID
    kind: str
    kind_name: str
    material: Named
    unit: str
    per_year: float
    months: tuple[float, ...]
    purity: float | None
    valid_from: date
    valid_until: date | None
    status: str
    status_name: str
    day: date
    whole: bool
    mine: bool
    name_hidden: bool
    price_hidden: bool
    hides_name: bool
    hides_price: bool
    enterprise: str | None
    by: str | None
    contact: str | None
    at: str | None
    lat: float | None
    lon: float | None
    park: str | None
    price: float | None
    note: str | None
    version: int | None
    created_at: datetime | None
    changed_at: datetime | None

    @property
    def is_need(self) -> bool:
        return self.kind == Statement.Kind.NEED


def knows(user: User, statement: Statement) -> bool:
    """Whether the statement is in the person's own scope: of their enterprise, or under their care."""
    return any(_reaches(m, user, statement) for m in user.granting(Permission.EXCHANGE_READ))


def _reaches(m: Any, user: User, s: Statement) -> bool:
    if m.reach is Reach.CITY:
        return True
    if m.reach is Reach.ENTERPRISE:
        return m.enterprise_id is not None and m.enterprise_id == s.enterprise_id
    if m.reach is Reach.PARK:
        return m.park is not None and m.park.code == s.park
    return m.reach is Reach.OWN and s.created_by_id == user.pk


def shown(statement: Statement, user: User) -> Shown:
    """The statement as the person sees it. `enterprise` and `created_by` should be fetched with it."""
    whole = knows(user, statement)
    no_name, no_price = not whole and statement.hide_name, not whole and statement.hide_price
    closed = no_name or no_price
    s = statement
    return Shown(
        id=s.pk, kind=s.kind, kind_name=str(s.get_kind_display()), unit=s.unit,
        material=Named(s.material, s.material_zh, s.material_en),
        per_year=s.per_year, months=tuple(s.months), purity=s.purity,
        valid_from=s.valid_from, valid_until=s.valid_until,
        status=s.status, status_name=str(s.get_status_display()), day=s.created_at.date(),
        whole=whole, mine=bool(s.enterprise_id) and s.enterprise_id in _firms(user),
        name_hidden=no_name, price_hidden=no_price, hides_name=s.hide_name, hides_price=s.hide_price,
        enterprise=None if no_name else str(s.enterprise) if s.enterprise else "",
        by=str(s.created_by) if whole else None,
        contact=None if no_name else s.contact,
        at=None if no_name else s.at, lat=None if no_name else s.lat, lon=None if no_name else s.lon,
        park=None if no_name else s.park, price=None if no_price else s.price,
        note=None if closed else s.note, version=s.version if whole else None,
        created_at=s.created_at if whole else None, changed_at=s.changed_at if whole else None,
    )  # fmt: skip


def _firms(user: User) -> set[int]:
    return {m.enterprise_id for m in user.roles if m.enterprise_id}


def visible_price(user: User) -> Any:
    """The price as a column to filter and sort by, which is nothing where it is hidden from the person."""
    return Case(
        When(hidden("hide_price", user), then=Value(None)), default=F("price"), output_field=FloatField()
    )


def hidden(flag: str, user: User) -> Q:
    """Rows of which the flag keeps something from the person: set, and not in their own scope."""
    own = Q(pk__in=())
    for m in user.granting(Permission.EXCHANGE_READ):
        if m.reach is Reach.CITY:
            return Q(pk__in=())
        if m.reach is Reach.ENTERPRISE:
            own |= Q(enterprise=m.enterprise_id)
        if m.reach is Reach.PARK and m.park:
            own |= Q(park=m.park.code)
        if m.reach is Reach.OWN:
            own |= Q(created_by=user)
    return Q(**{flag: True}) & ~own


@dataclass(frozen=True)
class Partner:
    """Another statement in a proposal, as one person sees it."""

    statement: Shown
    quantity: float
    months: tuple[float, ...]
    link: str
    km: float | None
    freight: float | None
    room: float | None
    against: tuple[str, ...]
    is_open: bool

    @property
    def key(self) -> str:
        """What the option is called when it is taken as a case."""
        return f"s:{self.statement.id}"


def partners(
    content: Mapping[str, Any], statements: Mapping[str, Statement], user: User, *, all_of: bool = False
) -> tuple[Partner, ...]:
    """The other statements of a proposal: those that fit as far as the person may know, or all.

    Those whose price is known come first, the most room for a price at the front; the order of the others
    tells nothing. What was hidden then or is hidden now is hidden.
    """
    found = []
    for row in content["partners"]:
        statement = statements.get(row["statement"])
        if statement is None:
            continue
        as_then = _as_hidden(statement, row)
        seen = shown(as_then, user)
        kept = _kept(seen.name_hidden, seen.price_hidden)
        against = _objections(row, kept)
        if against and not all_of:
            continue
        known = {} if "name" in kept else {"km": row["km"], "freight": row["freight"]}
        found.append(
            Partner(
                seen, row["quantity"], tuple(row["months"]), row["link"], known.get("km"),
                known.get("freight"), None if "price" in kept else row["room"], against,
                statement.status == Statement.Status.OPEN,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=_rank))


def seen_by_all(rows: Iterable[Mapping[str, Any]]) -> int:
    """How many partners fit as far as anybody may know: a count must not tell what an objection rests on."""
    return sum(not _objections(row, _kept(bool(row["hide_name"]), bool(row["hide_price"]))) for row in rows)


def _kept(name: bool, price: bool) -> frozenset[str]:
    return frozenset(what for what, on in (("name", name), ("price", price)) if on)


def _objections(row: Mapping[str, Any], kept: frozenset[str]) -> tuple[str, ...]:
    """Those that rest on nothing that is kept back."""
    return tuple(a for a in row["against"] if not kept & set(RESTS_ON.get(a, ())))


def _as_hidden(statement: Statement, row: Mapping[str, Any]) -> Statement:
    """The statement, hiding also what it hid when the proposal was made."""
    names = [f.attname for f in Statement._meta.concrete_fields]
    copy = Statement(**{name: getattr(statement, name) for name in names})
    copy.hide_name = statement.hide_name or bool(row["hide_name"])
    copy.hide_price = statement.hide_price or bool(row["hide_price"])
    copy._state.fields_cache = dict(statement._state.fields_cache)
    return copy


def _rank(p: Partner) -> tuple[int, int, float, str]:
    """Open ones, those without objection, the known room; then what says nothing of anybody."""
    return (
        not p.is_open,
        len(p.against),
        -p.room if p.room is not None else float("inf"),
        str(p.statement.id),
    )


def as_dict(seen: Shown, drop: Iterable[str] = ()) -> dict[str, Any]:
    """For the programming interface and exports: names as both languages have them."""
    found = {f.name: getattr(seen, f.name) for f in fields(seen) if f.name not in drop}
    material = found.pop("material")
    return {**found, "material": material.id, "material_zh": material.zh, "material_en": material.en}
