"""What the auditor looks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from liantu.web.audit import words
from liantu.web.audit.models import Event
from liantu.web.kit.pages import Columns, DayFilter, Filter, Paged, paged

PAGE = 2000


def _actions() -> list[tuple[str, Any]]:
    """What has ever been done; read from its index."""
    found = Event.objects.order_by().values_list("action", flat=True).distinct()
    return sorted(((a, words.name_of(a)) for a in found), key=lambda pair: pair[1])


def _kinds() -> list[tuple[str, Any]]:
    found = Event.objects.order_by().exclude(kind="").values_list("kind", flat=True).distinct()
    return sorted(((k, str(words.KINDS.get(k, k))) for k in found), key=lambda pair: pair[1])


EVENTS = Columns(
    sorts={"seq": ("seq",)},
    default="-seq",
    search=("actor_name", "object", "text"),
    hint=_("person, object, text of the detail"),
    filters=(
        Filter("action", _("What"), _actions),
        Filter("kind", _("Object"), _kinds, "kind"),
        DayFilter("from", _("From"), how="at__date__gte"),
        DayFilter("to", _("To"), how="at__date__lte"),
    ),
)


def events(get: QueryDict) -> Paged[Event]:
    """A page of the events that were asked for; `actor` and `object` in the address narrow it to one."""
    return paged(get, _narrowed(get), EVENTS)


def _narrowed(get: QueryDict) -> QuerySet[Event]:
    rows = Event.objects.annotate(text=Cast("detail", TextField()))
    if get.get("actor", "").isdecimal():
        rows = rows.filter(actor=int(get["actor"][:18]))
    if get.get("object"):
        rows = rows.filter(object=get["object"][:200])
    return rows


def stream(rows: QuerySet[Event]) -> Iterator[Event]:
    """All the rows in the order of the chain, a page at a time."""
    after = 0
    while page := list(rows.filter(seq__gt=after).order_by("seq")[:PAGE]):
        yield from page
        after = page[-1].seq


@dataclass(frozen=True)
class Changed:
    """A field before and after."""

    field: str
    before: Any
    after: Any


def changes(event: Event) -> list[Changed]:
    """What the deed changed, field by field."""
    before, after = (event.detail.get(key) for key in ("before", "after"))
    if not isinstance(before, dict) and not isinstance(after, dict):
        return []
    old, new = before or {}, after or {}
    return [Changed(key, old.get(key), new.get(key)) for key in {**old, **new}]


def rest(event: Event) -> list[tuple[str, Any]]:
    """The rest of the detail."""
    skip = ("before", "after") if changes(event) else ()
    return [(key, value) for key, value in event.detail.items() if key not in skip]


def neighbours(event: Event) -> tuple[Event | None, Event | None]:
    """The events before and behind."""
    near = {e.seq: e for e in Event.objects.filter(seq__in=(event.seq - 1, event.seq + 1))}
    return near.get(event.seq - 1), near.get(event.seq + 1)
