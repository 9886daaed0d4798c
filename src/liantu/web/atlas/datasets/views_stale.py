"""Pages of figures that have to be confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liantu.data.schema import TABLES
from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.datasets import actions, drafts, refresh, selectors, show, stale
from liantu.web.atlas.datasets.errors import DatasetError
from liantu.web.atlas.datasets.forms import IntervalForm
from liantu.web.atlas.datasets.views_edit import _current
from liantu.web.kit.pages import paged

MOST = 200


@page(Permission.DATASETS_READ)
def figures(request: HttpRequest) -> HttpResponse:
    """Who owes which figure, and how late."""
    dataset = _current()
    due = stale.due_figures(dataset)
    found = paged(request.GET, due, stale.columns(due))
    context = {
        "list": found,
        "sort": found.sort,
        "owners": stale.owners(due),
        "late": sum(d.late >= 0 for d in due),
        "soon": stale.SOON,
        "since": stale.loaded_on(dataset),
        "may_edit": request.user.may(Permission.DATASETS_EDIT),
    }
    return render(request, "atlas/datasets/stale.html", context)


@page(Permission.DATASETS_EDIT, post=True)
def confirm(request: HttpRequest) -> HttpResponse:
    """Note that the chosen figures still hold."""
    dataset = _current()
    chosen = [tuple(place.split("/", 2)) for place in request.POST.getlist("figure")[:MOST]]
    places = [(c[0], c[2], c[1]) for c in chosen if len(c) == 3 and c[0] in TABLES]
    if request.method == "POST" and places:
        try:
            n = drafts.confirm(dataset, places, on=timezone.localdate(), by=request.user)
        except DatasetError as error:
            messages.error(request, error.sentence)
        else:
            said = ngettext("%(n)s figure was confirmed.", "%(n)s figures were confirmed.", n)
            messages.success(request, said % {"n": n})
    elif request.method == "POST":
        messages.warning(request, _("No figure was chosen."))
    return redirect(selectors.back_to(request.POST.get("back", ""), "datasets-stale"))


@page(Permission.DATASETS_READ, post=True)
def intervals(request: HttpRequest) -> HttpResponse:
    """How often figures have to be confirmed; the task force sets it."""
    may_set = request.user.may(Permission.DATASETS_COMMIT)
    own = refresh.intervals()
    rows = []
    for place in dict.fromkeys((*refresh.INTERVALS, *own)):
        prefix = "-".join(place)
        data = request.POST if request.method == "POST" and may_set else None
        form = IntervalForm(data, prefix=prefix, initial={"days": own.get(place, 0)}, label_suffix="")
        rows.append((place, show.title_of(place[0]), form))
    if request.method == "POST" and may_set and all(form.is_valid() for _place, _title, form in rows):
        days = {place: form.cleaned_data["days"] for place, _title, form in rows}
        actions.set_intervals({p: n for p, n in days.items() if n != own.get(p, 0)}, by=request.user)
        messages.success(request, _("The intervals were kept."))
        return redirect("datasets-intervals")
    bad = request.method == "POST"
    context = {"rows": rows, "may_set": may_set, "bad": bad}
    return render(request, "atlas/datasets/intervals.html", context, status=400 if bad else 200)
