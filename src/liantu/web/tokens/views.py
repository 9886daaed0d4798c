"""Pages of tokens: one's own, and everybody's for the security admin."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.kit.pages import paged
from liantu.web.tokens import actions, selectors
from liantu.web.tokens.forms import TokenForm


@page(Permission.TOKENS_OWN, post=True)
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and a new one; its secret is on the answer alone."""
    form = TokenForm(request.POST if request.method == "POST" else None, request.user)
    secret = made = None
    if request.method == "POST" and form.is_valid():
        made, secret = actions.make(by=request.user, **form.cleaned_data)
        form = TokenForm(None, request.user)
    found = paged(request.GET, selectors.own(request.user), selectors.TOKENS)
    context = {"form": form, "secret": secret, "made": made, "list": found, "now": timezone.now()}
    return render(request, "tokens/own.html", context, status=400 if form.errors else 200)


@page(Permission.TOKENS_OWN, post=True)
@require_POST
def revoke_own(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token of one's own."""
    return _revoke(request, get_object_or_404(selectors.own(request.user), pk=pk), "tokens")


@page(Permission.SECURITY_MANAGE)
def everybody(request: HttpRequest) -> HttpResponse:
    """Every token there is."""
    found = paged(request.GET, selectors.everybody(), selectors.TOKENS)
    return render(request, "tokens/all.html", {"list": found, "now": timezone.now()})


@page(Permission.SECURITY_MANAGE, post=True)
@require_POST
def revoke_any(request: HttpRequest, pk: int) -> HttpResponse:
    """End anybody's token."""
    return _revoke(request, get_object_or_404(selectors.everybody(), pk=pk), "alltokens")


def _revoke(request: HttpRequest, token: object, back: str) -> HttpResponse:
    if actions.revoke(token=token, by=request.user):
        messages.success(request, _("The token %(token)s no longer works.") % {"token": token})
    return redirect(back)
