"""Changing the working-day calendar, and who holds a party."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from liantu.web.accounts.models import User
from liantu.web.audit.actions import record
from liantu.web.casefile.models import CalendarDay, CalendarEdition, CalendarYear, PartyHolder
from liantu.web.jobs.actions import enqueue


def set_day(*, day: date, working: bool, name: str, hours: str, origin: str, by: User) -> CalendarDay:
    """Say what a day is; what was said of it before is replaced."""
    with transaction.atomic():
        said: dict[str, Any] = {"working": working, "name": name, "hours": hours, "origin": origin, "by": by}
        row, _made = CalendarDay.objects.update_or_create(day=day, defaults=said)
        _changed(by)
        detail = {"working": working, "name": name, "hours": hours, "origin": str(origin)}
        record("calendar.day_set", by=by, kind="calendar", object=day.isoformat(), detail=detail)
    return row


def drop_day(row: CalendarDay, *, by: User) -> None:
    """Say nothing of a day any more."""
    with transaction.atomic():
        day = row.day
        row.delete()
        _changed(by)
        record("calendar.day_dropped", by=by, kind="calendar", object=day.isoformat())


def publish_year(year: int, *, by: User) -> None:
    """The notice of the year has been entered: its days are settled."""
    with transaction.atomic():
        _row, made = CalendarYear.objects.get_or_create(year=year, defaults={"by": by})
        if made:
            _changed(by)
            record("calendar.year_published", by=by, kind="calendar", object=year)


def _changed(by: User) -> None:
    """Processes read the calendar anew, and the dates of open cases are derived anew."""
    CalendarEdition.objects.get_or_create(pk=1)
    CalendarEdition.objects.filter(pk=1).update(number=F("number") + 1)
    enqueue("casefile.refresh", by=by)


def name_holder(*, party: str, user: User, by: User) -> PartyHolder:
    """Give a party to a person."""
    with transaction.atomic():
        row, made = PartyHolder.objects.get_or_create(party=party, user=user, defaults={"by": by})
        if made:
            record("party.given", by=by, kind="user", object=user.pk, detail={"party": party})
    return row


def release_holder(row: PartyHolder, *, by: User) -> None:
    """Take a party from a person."""
    with transaction.atomic():
        user, party = row.user_id, row.party
        row.delete()
        record("party.taken", by=by, kind="user", object=user, detail={"party": party})
