"""The page on which a city's own outline is uploaded or taken away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.web.accounts.access import page
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.models import Dataset, OutlineFile
from liantu.web.atlas.outline import LARGEST, OutlineProblem, read_outline
from liantu.web.audit.actions import record


class OutlineForm(forms.Form):
    """A GeoJSON; what is wrong in it is told place by place."""

    file = forms.FileField(
        label=gettext_lazy("GeoJSON of the city or its counties"),
        help_text=gettext_lazy(
            "Polygons in degrees of WGS 84, at most 5 MB. A map that is shown in public needs its review "
            "number (审图号) in a property of that name."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.geojson"}),
        max_length=200,
    )

    problems: tuple[OutlineProblem, ...] = ()

    def clean_file(self) -> Any:
        """Checked whole."""
        file = self.cleaned_data["file"]
        content = file.read(LARGEST + 1)
        _outline, self.problems = read_outline(content)
        if self.problems:
            raise forms.ValidationError([f"{p.place}: {p.found} · {p.fix}" for p in self.problems])
        return file.name, content


@page(Permission.DATASETS_COMMIT, post=True)
def outline(request: HttpRequest) -> HttpResponse:
    """Upload an outline, or take the one there is away."""
    version = provider.published().version
    assert version is not None  # what is published is of a version
    dataset = version.dataset
    remove = request.method == "POST" and "remove" in request.POST
    form = OutlineForm(request.POST or None, request.FILES or None) if not remove else OutlineForm()
    if remove or (request.method == "POST" and form.is_valid()):
        name, content = ("", b"") if remove else form.cleaned_data["file"]
        keep_outline(dataset=dataset, name=name, content=content, by=request.user)
        messages.success(
            request, _("The outline is taken away.") if remove else _("The outline is drawn now.")
        )
        return redirect("map-geo")
    newest = dataset.outlines.first()
    context = {"form": form, "newest": newest if newest and newest.name else None}
    return render(request, "atlas/outline.html", context, status=400 if form.errors else 200)


def keep_outline(*, dataset: Dataset, name: str, content: bytes, by: User) -> OutlineFile:
    """The newest outline of the city; without content there is none from now on."""
    with transaction.atomic():
        kept = OutlineFile.objects.create(dataset=dataset, name=name, content=content, uploaded_by=by)
        done = "outline.uploaded" if content else "outline.removed"
        record(done, by=by, kind="dataset", object=dataset.code, detail={"file": name, "bytes": len(content)})
    return kept
