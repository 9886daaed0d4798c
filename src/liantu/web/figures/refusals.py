"""Why a step on a figure is not allowed, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liantu.errors import InputError
from liantu.messages import sentence
from liantu.web.figures.actions import RefusedError
from liantu.web.kit.naming import chinese


def refusal(error: RefusedError) -> str:
    """The sentence of a refusal."""
    return {
        "no_reason": _("Say why."),
        "same_person": _("Four eyes: it takes somebody else, who neither entered nor approved the figure."),
        "entered_by_nobody": _("It was loaded by the system; nobody answers for it. Enter it anew."),
        "already_released": _("It is released already."),
        "corrected_before": _("It was corrected meanwhile; look at the one that replaced it."),
        "changed": _("It was changed meanwhile. Look at it again."),
    }.get(error.code, error.code)


def problems_of(error: InputError) -> list[str]:
    """The sentences of all problems."""
    return [sentence(p, "zh" if chinese() else "en") for p in error.problems]
