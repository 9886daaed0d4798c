"""Pages of subjects and indicators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liantu.web.accounts.access import page
from liantu.web.figures import catalogue
from liantu.web.figures.catalogue_forms import IndicatorForm, SubjectForm
from liantu.web.figures.models import Indicator, Subject
from liantu.web.figures.selectors import CHECK, READ
from liantu.web.kit.pages import Columns, Filter, paged

KINDS: dict[str, tuple[Any, Any]] = {
    "subjects": (Subject, SubjectForm),
    "indicators": (Indicator, IndicatorForm),
}


@page(READ)
def listed(request: HttpRequest, kind: str) -> HttpResponse:
    """All subjects, or all indicators."""
    model, _form = KINDS.get(kind) or _missing()
    columns = Columns(
        sorts={"code": ("code",), "name_zh": ("name_zh",), "name_en": ("name_en",), "kind": ("kind",)},
        default="code", search=("code", "name_zh", "name_en"),
        filters=(Filter("kind", _("Kind"), model.Kind.choices),),
    )  # fmt: skip
    found = paged(request.GET, model.objects.all(), columns)
    context = {"list": found, "kind": kind, "may_edit": request.user.may(CHECK)}
    return render(request, "figures/catalogue.html", context)


def _missing() -> Any:
    raise Http404


@page(CHECK, post=True)
def edit(request: HttpRequest, kind: str, code: str = "") -> HttpResponse:
    """Add or change one."""
    model, form_of = KINDS.get(kind) or _missing()
    row = get_object_or_404(model, code=code) if code else None
    posted = request.method == "POST"
    form = form_of(request.POST if posted else None, instance=row or model(), known=catalogue.current())
    if posted and form.is_valid():
        catalogue.save(get_object_or_404(model, code=code) if code else model(), form.said(), by=request.user)
        messages.success(request, _("Kept; the figures are being checked again."))
        return redirect("catalogue", kind)
    context = {"form": form, "kind": kind, "row": row}
    return render(request, "figures/catalogue_form.html", context, status=400 if posted else 200)
