"""Pages of briefings: choosing month and figures, and the documents."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.web.accounts.access import page
from liantu.web.figures import boards, briefing
from liantu.web.figures.models import Briefing
from liantu.web.figures.selectors import READ
from liantu.web.figures.views.boards import _options, offered
from liantu.web.kit.downloads import attachment
from liantu.web.kit.pages import Columns, paged

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class BriefingForm(forms.Form):
    """Month and title."""

    month = forms.DateField(
        label=gettext_lazy("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month"}, "%Y-%m"),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)


def _briefings(user: Any) -> Any:
    return Briefing.objects.visible_to(user, READ).filter(made_by=user)


@page(READ)
def briefings(request: HttpRequest) -> HttpResponse:
    """Briefings that the person made."""
    columns = Columns(sorts={"made": ("made_at",), "month": ("month",), "title": ("title",)}, default="-made")
    found = paged(request.GET, _briefings(request.user).defer("content"), columns)
    return render(request, "figures/briefings.html", {"list": found})


@page(READ, post=True)
def new(request: HttpRequest) -> HttpResponse:
    """Choose a month and figures."""
    today, posted = timezone.localdate(), request.method == "POST"
    month = date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)
    form = BriefingForm(
        request.POST if posted else None, initial={"month": month, "title": _("Monthly briefing on industry")}
    )
    chosen = [tuple(v.split("\x1f", 1)) for v in request.POST.getlist("series") if "\x1f" in v]
    if posted and form.is_valid():
        there = set(offered(request.user))
        series: Any = [p for p in chosen if p in there][: briefing.MOST]
        if series:
            made = briefing.make(
                form.cleaned_data["month"], series, title=form.cleaned_data["title"], by=request.user
            )
            return redirect("briefings-one", made.pk)
        form.add_error(None, _("Choose at least one figure."))
    series = chosen if posted else boards.chosen(request.user)[0]
    context = {"form": form, "offered": _options(request.user, series), "most": briefing.MOST}
    return render(request, "figures/briefing_form.html", context, status=400 if posted else 200)


@page(READ)
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A briefing as it was made."""
    found = get_object_or_404(_briefings(request.user), pk=pk)
    return render(request, "figures/briefing.html", {"briefing": found, "words": briefing.words(found)})


@page(READ)
def document(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The briefing as a file: docx or pdf."""
    found = get_object_or_404(_briefings(request.user), pk=pk)
    name = f"briefing-{found.month:%Y-%m}.{kind}"
    if kind == "docx":
        return attachment(briefing.as_word(found), name, WORD)
    if kind != "pdf":
        raise Http404
    try:
        return attachment(briefing.as_pdf(found), name, "application/pdf")
    except briefing.NoFontError as error:
        said = _(
            "There is no Chinese font on the server, so no PDF: install fonts-noto-cjk, or name a "
            "font file in LIANTU_CJK_FONT (looked for: %(paths)s). The Word document is there."
        )
        messages.error(request, said % {"paths": error.params["searched"]})
        return redirect("briefings-one", pk)
