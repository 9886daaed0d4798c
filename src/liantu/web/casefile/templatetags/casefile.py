"""Evidence in templates."""

from __future__ import annotations

from django import template

from liantu.web.casefile.pages import Brought

register = template.Library()


@register.filter
def evidence_value(brought: Brought) -> str:
    """A piece of evidence as it is read; a number with its unit."""
    if brought.kind == "number" and isinstance(brought.value, int | float):
        return f"{brought.value:,.10g} {brought.unit}".strip()
    return str(brought.value)
