"""Supply meets demand: one need or offer, answered at once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liantu.web.audit import words

words.NAMES |= {
    "exchange.stated": _("need or offer stated"),
    "exchange.changed": _("need or offer changed"),
    "exchange.withdrawn": _("need or offer withdrawn"),
    "exchange.escalated": _("case escalated"),
}
words.KINDS |= {
    "statement": _("need or offer"),
}


def _step(transition: str) -> str | None:
    """What a step of the flow is called."""
    from liantu.web.casefile import flows  # needs the models
    from liantu.web.kit.naming import chinese

    step = flows.latest("exchange").transitions.get(transition)
    if step is None:
        return None
    return step.names.zh if chinese() else step.names.en


words.STEPS["exchange"] = _step
