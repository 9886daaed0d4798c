"""The login, its second step, the second factor: django-allauth's views with our pages and our record."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse

from liantu.web.accounts.access import entrance_page, open_page, own_page
from liantu.web.accounts.steps import FACTOR
from liantu.web.people.actions import entrance


class SetUp(totp.ActivateTOTPView):
    """Set up the second factor; then its recovery codes are shown, once."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        owed = settings.SECURITY.asks_second_factor(self.request.user)
        return {**super().get_context_data(**given), "owed": owed}

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        entrance.note_second_factor(user=self.request.user, what="set")
        self.request.session[FACTOR] = True
        return answer

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "account")


class TakeAway(totp.DeactivateTOTPView):
    """Take it away, as for a new phone; staff set up another at once."""

    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        entrance.note_second_factor(user=self.request.user, what="removed")
        self.request.session.pop(FACTOR, None)
        return redirect("account")


class NewCodes(codes.GenerateRecoveryCodesView):
    """Make new recovery codes; the old ones are void."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        entrance.note_second_factor(user=self.request.user, what="codes_made")
        return answer


def locked_out(request: HttpRequest, response: HttpResponse, credentials: object) -> HttpResponse:
    """The page in place of the login's: locked, whether or not there is such a person."""
    return render(request, "people/locked.html", {"minutes": settings.SECURITY.lock_minutes}, status=429)


@entrance_page
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session; by POST, so that no link elsewhere can do it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    entrance.note_logout(user=request.user)
    logout(request)
    return redirect("account_login")


log_in = open_page(account.LoginView.as_view())
second_step = open_page(factor.AuthenticateView.as_view())
password_again = entrance_page(account.ReauthenticateView.as_view())
code_again = entrance_page(factor.ReauthenticateView.as_view())
set_up = entrance_page(SetUp.as_view())
take_away = own_page(TakeAway.as_view())
show_codes = entrance_page(codes.ViewRecoveryCodesView.as_view())
new_codes = own_page(NewCodes.as_view())
