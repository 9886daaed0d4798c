"""Pages of chosen indicators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Reach
from liantu.web.figures import boards, selectors
from liantu.web.figures.selectors import CHECK, READ


@page(READ)
def board(request: HttpRequest) -> HttpResponse:
    """The chosen figures of the person."""
    series, of = boards.chosen(request.user)
    context = {"tiles": boards.tiles(request.user, series), "of": of}
    return render(request, "figures/board.html", context)


@page(READ, post=True)
def choose(request: HttpRequest) -> HttpResponse:
    """Choose figures, for oneself or, by whoever checks the city's figures, for a role."""
    roles = boards.roles_with_figures() if may_set_roles(request.user) else []
    if request.method == "POST":
        role = request.POST.get("role", "")
        pairs = [tuple(v.split("\x1f", 1)) for v in request.POST.getlist("series") if "\x1f" in v]
        there = set(offered(request.user))
        wanted: Any = [p for p in pairs if p in there]
        if role and role not in dict(roles):
            messages.error(request, _("You can't choose for this role."))
        else:
            boards.choose(wanted, by=request.user, role=role)
            messages.success(request, _("Kept."))
            return redirect("board")
    series, _of = boards.chosen(request.user)
    context = {"offered": _options(request.user, series), "roles": roles, "most": boards.MOST}
    return render(request, "figures/board_form.html", context)


def may_set_roles(user: Any) -> bool:
    """Whether the person checks figures of the whole city."""
    return any(m.reach is Reach.CITY for m in user.granting(CHECK))


def offered(user: Any) -> list[tuple[str, str]]:
    """Series of which there are levels."""
    rows = selectors.visible(user).filter(measure="level", standing__in_force=True).order_by()
    return list(rows.values_list("subject", "indicator").distinct()[:2000])


def _options(user: Any, series: Any) -> list[tuple[str, str, bool]]:
    from liantu.web.figures import catalogue
    from liantu.web.figures.shown import indicator_name, subject_name

    known, chosen = catalogue.current(), set(series)
    named = [
        (f"{s}\x1f{i}", f"{subject_name(s, known)} · {indicator_name(i, known)}", (s, i) in chosen)
        for s, i in offered(user)
        if i in known.indicators
    ]
    return sorted(named, key=lambda o: (not o[2], o[1]))
