"""Stating, changing and withdrawing needs and offers; keeping what is proposed to them."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from liantu.errors import LiantuError
from liantu.web.accounts.models import User
from liantu.web.atlas import city as provider
from liantu.web.atlas.city import City
from liantu.web.audit.actions import record
from liantu.web.exchange import selectors
from liantu.web.exchange.models import Proposal, Statement
from liantu.web.exchange.propose import Json, check, partners, propose
from liantu.web.exchange.shown import seen_by_all
from liantu.web.jobs.actions import enqueue

SAID = (
    "kind", "material", "material_zh", "material_en", "unit", "per_year", "months", "purity", "price", "at",
    "lat", "lon", "park", "valid_from", "valid_until", "contact", "note", "hide_name", "hide_price",
    "enterprise",
)  # fmt: skip
"""What a person says of a statement."""


MATCH = "exchange.match"
_matching = threading.BoundedSemaphore(1)  # one in a process


class ChangedError(LiantuError):
    """Somebody changed the statement meanwhile, or it is not open any more. `params`: none that tell more."""

    code = "statement_changed"


def state(said: Mapping[str, Any], *, city: City, by: User) -> Statement:
    """Put a need or an offer into the exchange, with its first proposal; without one where this process
    matches another just now, which a job then does. Raises InputError."""
    now = timezone.now()
    made = Statement(**{k: said[k] for k in SAID}, created_by=by, created_at=now, changed_at=now)
    content = _matched(city, made)
    with transaction.atomic():
        made.save(force_insert=True)
        _keep_or_ask(made, content, city)
        tell_others(made, by)
        _record("stated", made, by)
    return made


def change(statement: Statement, said: Mapping[str, Any], *, version: int, city: City, by: User) -> Statement:
    """Change an open statement that was read at `version`. Raises InputError and ChangedError."""
    now, keys = timezone.now(), [k for k in SAID if k not in ("kind", "enterprise")]
    changed = Statement(**{k: getattr(statement, k) for k in SAID}, created_by=statement.created_by)
    for key in keys:
        setattr(changed, key, said[key])
    changed.pk = statement.pk
    content = _matched(city, changed)
    with transaction.atomic():
        _over(statement, version, **{k: said[k] for k in keys}, changed_at=now)
        statement.refresh_from_db(from_queryset=_rows())
        _keep_or_ask(statement, content, city)
        tell_others(statement, by)
        _record("changed", statement, by)
    return statement


def withdraw(statement: Statement, *, version: int, by: User) -> Statement:
    """Take an open statement back. Raises ChangedError."""
    with transaction.atomic():
        _over(statement, version, status=Statement.Status.WITHDRAWN, changed_at=timezone.now())
        statement.refresh_from_db(from_queryset=_rows())
        tell_others(statement, by)
        _record("withdrawn", statement, by)
    return statement


def follow(statement: Statement, status: Any, *, by: User | None) -> None:
    """Say that a case follows the statement up, or has ended; within the case's transaction."""
    if _rows().filter(pk=statement.pk).exclude(status=status).update(status=status):
        tell_others(statement, by)


def repropose(statement: Statement, *, city: City, because: Any) -> Proposal | None:
    """Ask the engine again; None where nothing is new. Raises InputError where the city no longer knows the
    material or the place."""
    content = propose(city, statement, selectors.counterparts(statement, city.network))
    with transaction.atomic():
        return _keep(statement, content, city, because)


def pair_again(statement: Statement, *, city: City) -> Proposal | None:
    """Look at the others' statements again; what the engine said stays. None where nothing is new."""
    last = statement.proposal
    if last is None:
        return None
    found = partners(city.network, statement, selectors.counterparts(statement, city.network))
    with transaction.atomic():
        return _keep(statement, {**last.content, "partners": found}, city, Proposal.Because.OTHERS, last)


def _rows() -> Any:
    return Statement.objects.unscoped(because="the caller has fetched the statement in scope")


def _over(statement: Statement, version: int, **changes: Any) -> None:
    """Write over the version that was read, and only while it is open."""
    rows = _rows().filter(pk=statement.pk, version=version, status=Statement.Status.OPEN)
    if not rows.update(version=version + 1, **changes):
        raise ChangedError


def _matched(city: City, statement: Statement) -> Json | None:
    """What fits; None where somebody else's is being matched: two at once would each take twice as long,
    and 64 would keep everybody waiting. Raises InputError either way."""
    if not _matching.acquire(blocking=False):
        check(city, statement)
        return None
    try:
        return propose(city, statement, selectors.counterparts(statement, city.network))
    finally:
        _matching.release()


def _keep_or_ask(statement: Statement, content: Json | None, city: City) -> None:
    if content is None:
        enqueue(MATCH, by=None, statement=str(statement.pk))
    else:
        _keep(statement, content, city, Proposal.Because.STATED)


def _keep(
    statement: Statement, content: Json, city: City, because: Any, of: Proposal | None = None
) -> Proposal | None:
    """Store a proposal where it says something new, and make it the statement's."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    now = _rows().select_for_update(of=("self",)).select_related("proposal").get(pk=statement.pk)
    if now.proposal is not None and now.proposal.hash == digest:
        return None
    if of is not None and now.proposal_id != of.pk:
        return None  # asked anew meanwhile
    best = [o["saving"] for o in content["options"] if o["saving"] is not None]
    made = Proposal.objects.create(
        statement=statement, number=(now.proposal.number if now.proposal else 0) + 1, because=because,
        run=city.run if of is None else of.run, content=content, hash=digest,
        digest=city.network.digest if of is None else of.digest, made_at=timezone.now(),
        options=len(content["options"]) + seen_by_all(content["partners"]),
        best_saving=max(best, default=None),
    )  # fmt: skip
    _rows().filter(pk=statement.pk).update(proposal=made)
    statement.proposal = made
    return made


def tell_others(statement: Statement, by: User | None) -> None:
    """Statements that might pair with it are looked at again, behind the request."""
    enqueue("exchange.pair", by=None, statement=str(statement.pk))


def _record(what: str, statement: Statement, by: User) -> None:
    """Of what was said only what nobody can hide: an auditor needs no prices and names."""
    detail = {"kind": statement.kind, "material": statement.material, "version": statement.version}
    record(f"exchange.{what}", by=by, kind="statement", object=statement.pk, detail=detail)


def published_city() -> City:
    """The city that proposals are made for. Raises NoCityError."""
    return provider.published()
