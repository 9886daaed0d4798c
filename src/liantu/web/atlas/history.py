"""The atlas as it was: every run that was ever shown to all, and the one of a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.runs import selectors
from liantu.web.atlas.selectors import chains
from liantu.web.kit import parameters
from liantu.web.kit.pages import Columns, DayFilter, paged
from liantu.web.kit.parameters import BadParameterError


def _midnight(day: str, after: int = 0) -> datetime:
    """When a day begins here, or so many days after: bounds that an index answers."""
    begin = date.fromisoformat(day) + timedelta(days=after)
    return datetime.combine(begin, time.min, timezone.get_current_timezone())


PUBLICATIONS = Columns(
    sorts={"at": ("at",), "value": ("value",), "version": ("number",)},
    default="-at",
    search=("run__name", "run__version__note"),
    filters=(
        DayFilter("from", _("From"), how=lambda rows, day: rows.filter(at__gte=_midnight(day))),
        DayFilter("to", _("To"), how=lambda rows, day: rows.filter(at__lt=_midnight(day, after=1))),
    ),
    hint=_("name of the plan, note of the data"),
)


@page(Permission.ATLAS_READ)
def publications(request: HttpRequest) -> HttpResponse:
    """What the atlas showed, and since when."""
    found = paged(request.GET, selectors.listed_publications(), PUBLICATIONS)
    return render(request, "atlas/history.html", {"list": found, "now": selectors.published()})


@page(Permission.ATLAS_READ)
def as_of(request: HttpRequest) -> HttpResponse:
    """To the page that one comes from, as it was at the end of `day`; without a day, as it is now."""
    day = parameters.day(request.GET, "day")
    path, _mark, query = parameters.text(request.GET, "back").partition("?")
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        raise BadParameterError("back", path, ("/map/",))
    kept = QueryDict(query, mutable=True)
    kept.pop("run", None)
    if day is not None:
        run = selectors.published_at(day)
        if run is None:
            return render(request, "atlas/before_first.html", {"day": day, "back": path}, status=404)
        if run != selectors.published():
            kept["run"] = str(run.pk)
    return redirect(f"{path}?{kept.urlencode()}" if kept else path)


@page(Permission.ATLAS_READ)
def chain_list(request: HttpRequest) -> HttpResponse:
    """The chains of the version that is shown."""
    city = provider.shown(request)
    rows = chains.chain_rows(city, with_stages=True)
    context = {"city": city, "rows": rows, "formula": chains.formula(rows)}
    return render(request, "atlas/chains.html", context)
