"""The gallery of components for developers: each as it looks, with the template code that makes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.kit.pages import Columns, Filter, Paged, paged

PARTS: tuple[tuple[str, Promise], ...] = (
    ("buttons", _("Buttons")),
    ("fields", _("Fields of a form")),
    ("errors", _("A form with errors")),
    ("confirm", _("A question before a deed")),
    ("list", _("A list with search, filters and pages")),
    ("empty", _("Nothing there")),
    ("pills", _("States")),
    ("progress", _("Progress")),
    ("tabs", _("Tabs")),
    ("figures", _("Figures, units and dates")),
    ("messages", _("Messages")),
    ("cards", _("Cards and facts")),
)


@dataclass(frozen=True)
class Part:
    """A component: its anchor, its name, how it looks, and its code."""

    key: str
    name: Promise
    shown: SafeString
    code: str


@dataclass(frozen=True)
class Sample:
    """A row of the list that the gallery shows."""

    pk: int
    name: str
    park: str
    load: float


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("As it stands on the plate."))
    capacity = forms.FloatField(label=_("Capacity"), min_value=0, widget=forms.TextInput)
    park = forms.ChoiceField(label=_("Park"), choices=(("a", "A"), ("b", "B")))
    day = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"), choices=(("x", "X"), ("y", "Y")), widget=forms.CheckboxSelectMultiple
    )
    hidden = forms.BooleanField(label=_("Hide the price from others"), required=False)


COLUMNS = Columns(
    sorts={"name": ("name",), "load": ("load",)},
    default="-load",
    search=("name",),
    filters=(Filter("park", _("Park"), (("north", _("North")), ("south", _("South")))),),
    hint=_("name"),
    per_page=20,
)


@page(Permission.GALLERY_READ)
def gallery(request: HttpRequest) -> HttpResponse:
    """All components on one page."""
    context = _samples(request)
    parts = []
    for key, name in PARTS:
        template = get_template(f"kit/gallery/{key}.html")
        code = template.template.source
        parts.append(Part(key, name, template.render(context, request), code.strip()))
    return render(request, "kit/gallery.html", {"parts": parts})


def _samples(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    rows = [Sample(n, f"P-{n:03}", ("north", "south")[n % 2], n / 97 % 1) for n in range(1, 98)]
    found: Paged[Sample] = paged(request.GET, rows, COLUMNS)
    return {
        "list": found,
        "form": SampleForm(None, label_suffix=""),
        "wrong": SampleForm(
            QueryDict("wrong-capacity=much&wrong-park=c&wrong-name="), label_suffix="", prefix="wrong"
        ),
        "now": now,
        "then": now - timedelta(hours=5),
        "later": now + timedelta(days=3),
        "tabs": (("one", _("First"), "#tabs"), ("two", _("Second"), "#tabs")),
    }
