"""What of a proposal is another's business: what a unit is worth to a named plant, and whom it serves today.

Whoever may read the atlas finds those worths among its prices, and sees all. An enterprise sees for itself:
who fits, how far, and between which round figures price and saving lie. Its own terms stay exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission

Span = tuple[float, float]
WIDTH = 0.1  # of what the outside asks or pays: how wide a band is at least
OUTSIDE = ("import", "export", "market", "dump")  # no other plant: prices of the outside, one's own dump
TELLING = ("too_dear", "too_low", "committed", "no_capacity")  # reasons with another's figures in them
SECRET = ("at_source", "loser_cny")


def sees_worths(user: User) -> bool:
    """Whether the person may know what a unit is worth to others."""
    return user.may(Permission.ATLAS_READ)


def for_enterprise(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a proposal without what is another's business; `between` and `saves` are bands."""
    found = {**content, "proof": None, "basis": {}, "cover": {}}
    found["options"] = [option(o, content["outside"]) for o in content["options"]]
    found["misses"] = [{**m, "reasons": [_reason(r) for r in m["reasons"]]} for m in content["misses"]]
    return found


def option(row: Mapping[str, Any], outside: float | None) -> dict[str, Any]:
    """An option of the engine as an enterprise sees it."""
    if row["who"] in OUTSIDE:
        return {**row, "loser": "", **dict.fromkeys(SECRET)}
    hidden = dict.fromkeys((*SECRET, "price", "saving"))
    return {
        **row, **hidden, "displaces": "", "loser": "",
        "between": band(row["price"], outside), "saves": band(row["saving"], outside),
    }  # fmt: skip


def band(value: float | None, outside: float | None) -> Span | None:
    """Round figures around a value, at least a tenth of what the outside asks apart; None where it is not
    known.

    >>> band(437.2, 520.0)
    (400.0, 500.0)
    """
    if value is None:
        return None
    width = max(abs(outside if outside else value), 1e-6) * WIDTH
    power = 10.0 ** math.floor(math.log10(width))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= width * (1 - 1e-9))
    low = math.floor(value / step) * step
    return low, low + step


def _reason(reason: Mapping[str, Any]) -> dict[str, Any]:
    if reason["code"] not in TELLING:
        return dict(reason)
    return {**reason, "has": None, "needs": None, "who": "", "quantity": None, "value": None}
