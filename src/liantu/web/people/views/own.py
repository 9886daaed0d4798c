"""A person's own account."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from liantu.web.accounts.access import entrance_page, own_page
from liantu.web.accounts.steps import has_second_factor, must_change_password
from liantu.web.people import selectors
from liantu.web.people.actions import entrance
from liantu.web.people.forms.own import PasswordForm


@own_page
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, what one may do, and the last logins."""
    context = {
        "logins": selectors.last_logins(request.user),
        "factor": has_second_factor(request.user),
        "factor_owed": settings.SECURITY.asks_second_factor(request.user),
        "security": settings.SECURITY,
        "idle": settings.SECURITY.idle_limit(request.user),
    }
    return render(request, "people/account.html", context)


@entrance_page
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; every other session of the person ends."""
    form = PasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        entrance.set_password(user=request.user, password=form.cleaned_data["new"], by=request.user)
        update_session_auth_hash(request, request.user)
        messages.success(request, _("The password is changed; other sessions have ended."))
        return redirect("account")
    context = {"form": form, "owed": must_change_password(request.user)}
    return render(request, "people/password.html", context, status=400 if form.is_bound else 200)


@own_page
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the person but this one."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    entrance.sign_out_everywhere(user=request.user, by=request.user)
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Every other session has ended."))
    return redirect("account")
