"""Pages of the system admin: departments, parks, enterprises."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.web.accounts.access import page
from liantu.web.accounts.models import Department
from liantu.web.accounts.permissions import Permission
from liantu.web.kit.pages import paged
from liantu.web.people import selectors
from liantu.web.people.actions import places
from liantu.web.people.forms.admin import DepartmentForm, EnterpriseForm, MoveForm, ParkForm

FORMS = {"departments": DepartmentForm, "parks": ParkForm, "enterprises": EnterpriseForm}
TITLES: dict[str, Any] = {
    "departments": gettext_lazy("Departments"),
    "parks": gettext_lazy("Parks"),
    "enterprises": gettext_lazy("Enterprises"),
}


def _context(kind: str, **more: Any) -> dict[str, Any]:
    tabs = [(key, name, key) for key, name in TITLES.items()]
    return {"kind": kind, "title": TITLES[kind], "titles": tabs, **more}


@page(Permission.USERS_MANAGE)
def place_list(request: HttpRequest, kind: str) -> HttpResponse:
    """All departments as a tree, all parks, all enterprises."""
    columns = selectors.DEPARTMENTS if kind == "departments" else selectors.PLACES
    found = paged(request.GET, selectors.kind_of_place(kind).objects.all(), columns)
    return render(request, "people/places.html", _context(kind, list=found, sort=found.sort))


@page(Permission.USERS_MANAGE, post=True)
def place_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Add one."""
    form = FORMS[kind](request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            places.add_place(place=form.save(commit=False), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Added."))
            return redirect("places-list", kind)
    status = 400 if form.is_bound else 200
    return render(request, "people/place.html", _context(kind, form=form), status=status)


@page(Permission.USERS_MANAGE, post=True)
def place(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One: its names; a department also where it stands."""
    found = get_object_or_404(selectors.kind_of_place(kind), pk=pk)
    form = FORMS[kind](request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        places.change_place(place=form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("places-list", kind)
    move = MoveForm(initial={"parent": found.parent_id}) if isinstance(found, Department) else None
    context = _context(kind, form=form, place=found, move=move)
    return render(request, "people/place.html", context, status=400 if form.is_bound else 200)


@page(Permission.USERS_MANAGE, post=True)
def place_remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Remove one that nothing refers to."""
    found = get_object_or_404(selectors.kind_of_place(kind), pk=pk)
    if request.method == "POST":
        try:
            places.remove_place(place=found, by=request.user)
            messages.success(request, _("Removed."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("places-list", kind)


@page(Permission.USERS_MANAGE, post=True)
def department_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Hang a department under another."""
    found = get_object_or_404(Department, pk=pk)
    form = MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            places.move_department(department=found, parent=form.cleaned_data["parent"], by=request.user)
            messages.success(request, _("Moved."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("places-one", "departments", pk)
