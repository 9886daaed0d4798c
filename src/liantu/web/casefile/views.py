"""Pages of the working-day calendar, and of who holds a party of a flow."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from liantu.casework.days import FIRST_YEAR, LAST_YEAR
from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.casefile import calendar_actions as actions
from liantu.web.casefile.calendar import work_days
from liantu.web.casefile.calendar_forms import DayForm, HolderForm, YearForm
from liantu.web.casefile.models import CalendarDay, PartyHolder
from liantu.web.casefile.people import STANDS_IN
from liantu.web.kit import parameters


@page(Permission.CALENDAR_EDIT, post=True)
def calendar(request: HttpRequest) -> HttpResponse:
    """A year's days that differ from Monday to Friday; saying what a day is."""
    days, form = work_days(), DayForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.set_day(by=request.user, **said)
        messages.success(request, _("Kept. The dates of open cases are worked out anew."))
        return redirect(f"{request.path}?year={said['day'].year}")
    years = [str(y) for y in range(FIRST_YEAR, LAST_YEAR + 1)]
    year = int(parameters.choice(request.GET, "year", years, str(timezone.localdate().year)))
    own = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    rows = [(said, own.get(day)) for day, said in sorted(days.days.items()) if day.year == year]
    context = {"form": form, "year": year, "rows": rows, "published": year in days.published,
               "before": max(year - 1, FIRST_YEAR), "after": min(year + 1, LAST_YEAR)}  # fmt: skip
    return render(request, "casefile/calendar.html", context, status=400 if form.errors else 200)


@page(Permission.CALENDAR_EDIT, post=True)
def drop(request: HttpRequest, day: str) -> HttpResponse:
    """Say nothing of a day any more."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        wanted = date.min
    row = get_object_or_404(CalendarDay, day=wanted)
    if request.method == "POST":
        actions.drop_day(row, by=request.user)
        messages.success(request, _("Removed. The dates of open cases are worked out anew."))
    return redirect("calendar")


@page(Permission.CALENDAR_EDIT, post=True)
def publish(request: HttpRequest) -> HttpResponse:
    """The notice of a year is entered in full."""
    form = YearForm(request.POST)
    if request.method == "POST" and form.is_valid():
        actions.publish_year(form.cleaned_data["year"], by=request.user)
        messages.success(request, _("The year counts as published."))
    return redirect("calendar")


@page(Permission.SECURITY_MANAGE, post=True)
def holders(request: HttpRequest) -> HttpResponse:
    """Who holds the parties that no role gives."""
    names = {"task_force_lead": _("head of the task force")}
    form = HolderForm(request.POST if request.method == "POST" else None, [(p, names[p]) for p in STANDS_IN])
    if request.method == "POST" and form.is_valid():
        actions.name_holder(**form.cleaned_data, by=request.user)
        messages.success(request, _("Given."))
        return redirect("parties")
    rows = PartyHolder.objects.select_related("user").order_by("party", "user__username")
    context = {"form": form, "rows": [(row, names.get(row.party, row.party)) for row in rows]}
    return render(request, "casefile/holders.html", context, status=400 if form.errors else 200)


@page(Permission.SECURITY_MANAGE, post=True)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a party from a person."""
    row = get_object_or_404(PartyHolder, pk=pk)
    if request.method == "POST":
        actions.release_holder(row, by=request.user)
        messages.success(request, _("Taken back."))
    return redirect("parties")
