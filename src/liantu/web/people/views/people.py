"""Pages of the system admin: people."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liantu.web.accounts.access import page
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.kit.pages import paged
from liantu.web.people import selectors
from liantu.web.people.actions import people
from liantu.web.people.forms.admin import PersonForm


@page(Permission.USERS_MANAGE)
def person_list(request: HttpRequest) -> HttpResponse:
    """Everybody."""
    found = paged(request.GET, selectors.people(), selectors.PEOPLE)
    return render(request, "people/people.html", {"list": found, "sort": found.sort})


@page(Permission.USERS_MANAGE, post=True)
def person_new(request: HttpRequest) -> HttpResponse:
    """Add a person; the first password is shown once."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, password = people.add_person(**form.cleaned_data, by=request.user)
        return _handed_over(request, user, password)
    return render(request, "people/person_new.html", {"form": form}, status=400 if form.is_bound else 200)


@page(Permission.USERS_MANAGE, post=True)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: login, name, phone, access."""
    user = get_object_or_404(selectors.people(), pk=pk)
    form = PersonForm(request.POST or None, instance=User.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        people.change_person(user=form.instance, changes=form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("people-person", pk)
    context = {"form": form, "person": user}
    return render(request, "people/person.html", context, status=400 if form.is_bound else 200)


@page(Permission.USERS_MANAGE, post=True)
def access(request: HttpRequest, pk: int) -> HttpResponse:
    """Open or close a person's access."""
    user = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        try:
            people.set_access(user=user, open=request.POST.get("open") == "1", by=request.user)
            messages.success(request, _("Saved."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("people-person", pk)


@page(Permission.USERS_MANAGE, post=True)
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password, shown once."""
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return redirect("people-person", pk)
    try:
        password = people.reset_password(user=user, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("people-person", pk)
    return _handed_over(request, user, password)


def _handed_over(request: HttpRequest, user: User, password: str) -> HttpResponse:
    """The answer of the POST itself: the password is stored nowhere, so no other page could show it."""
    answer = render(request, "people/handed_over.html", {"person": user, "password": password})
    answer["Cache-Control"] = "no-store"
    return answer
