"""Adding to the chain."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from liantu.web.accounts.models import User
from liantu.web.audit import chain
from liantu.web.audit.models import Event, Head
from liantu.web.kit.client import current_address


def record(
    action: str,
    *,
    by: User | None,
    kind: str = "",
    object: object = "",
    detail: dict[str, Any] | None = None,
    address: str | None = None,
) -> Event:
    """Add an event in the caller's transaction, so that what is done and its event stand or fall together.

    `by` None is the system itself; without `address` it is that of the request. Call it last in the
    transaction: from here on others wait for its end. Raises TransactionManagementError outside a
    transaction, ValueError for what an event can't hold.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an event is recorded in the transaction of its deed")
    event = Event(
        actor=by.pk if by else None,
        actor_name=chain.clean(by.signature if by else ""),
        action=action,
        kind=kind,
        object=chain.clean(str(object)),
        detail=chain.plain(detail or {}),
        address=current_address() if address is None else address,
    )
    _fits(event)
    head = Head.objects.select_for_update().filter(pk=1).first() or _first_head()
    event.seq, event.before, event.at = head.seq + 1, head.mac, timezone.now()
    event.mac = chain.mac(event)
    event.save(force_insert=True)
    head.seq, head.mac, head.seal = event.seq, event.mac, chain.seal(event.seq, event.mac)
    head.save(force_update=True)
    return event


def _first_head() -> Head:
    Head.objects.get_or_create(pk=1)
    return Head.objects.select_for_update().get(pk=1)


def _fits(event: Event) -> None:
    for name in ("actor_name", "action", "kind", "object", "address"):
        longest = Event._meta.get_field(name).max_length
        if len(getattr(event, name)) > longest:
            raise ValueError(f"{name} of an event: {len(getattr(event, name))} characters, {longest} at most")


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The detail of a change: only the fields that differ."""
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {"before": {k: before.get(k) for k in changed}, "after": {k: after.get(k) for k in changed}}
