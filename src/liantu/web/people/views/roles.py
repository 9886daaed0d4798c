"""Pages of the security admin: who has which role, second factors, locked logins."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liantu.web.accounts import lockout
from liantu.web.accounts.access import page
from liantu.web.accounts.models import Membership, User
from liantu.web.accounts.permissions import GRANTS, ROLE_NAMES, Permission, Role
from liantu.web.kit.pages import paged
from liantu.web.people import selectors
from liantu.web.people.actions import entrance, roles
from liantu.web.people.forms.admin import GrantForm


@page(Permission.SECURITY_MANAGE)
def holders(request: HttpRequest) -> HttpResponse:
    """Who has which role, and the logins that are locked."""
    found = paged(request.GET, selectors.people(), selectors.PEOPLE)
    context = {"list": found, "sort": found.sort, "locked": lockout.locked_logins()[:50]}
    return render(request, "people/holders.html", context)


@page(Permission.SECURITY_MANAGE)
def matrix(request: HttpRequest) -> HttpResponse:
    """What each role may do, and the rules of the login."""
    rows = [(p.value, [p in GRANTS[r] for r in Role]) for p in Permission]
    context = {"roles": ROLE_NAMES.values(), "rows": rows, "security": settings.SECURITY}
    return render(request, "people/matrix.html", context)


@page(Permission.SECURITY_MANAGE, post=True)
def holder(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's roles; give another."""
    user = get_object_or_404(selectors.people(), pk=pk)
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            role = Role(form.cleaned_data["role"])
            roles.grant(user=user, role=role, place=form.place, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The role is given."))
            return redirect("security-holder", pk)
    context = {"person": user, "form": form, "locked": lockout.is_locked(user.username)}
    return render(request, "people/holder.html", context, status=400 if form.is_bound else 200)


@page(Permission.SECURITY_MANAGE, post=True)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    found = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    if request.method == "POST":
        try:
            roles.revoke(membership=found, by=request.user)
            messages.success(request, _("The role is taken away."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("security-holder", found.user_id)


@page(Permission.SECURITY_MANAGE, post=True)
def act(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Reset the second factor, unlock the login, or end every session of a person."""
    user = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        try:
            if deed == "second-factor":
                roles.reset_second_factor(user=user, by=request.user)
            elif deed == "unlock":
                roles.unlock(login=user.username, by=request.user)
            else:
                entrance.sign_out_everywhere(user=user, by=request.user)
            messages.success(request, _("Done."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("security-holder", pk)
