"""Evidence in templates."""

from __future__ import annotations

from django import template

from liantu.web.casefile.pages import Brought
from liantu.web.kit.naming import chinese

register = template.Library()


@register.filter
def evidence_value(brought: Brought) -> str:
    """A piece of evidence as it is read; a number with its unit."""
    if brought.kind == "number" and isinstance(brought.value, int | float):
        return f"{brought.value:,.10g} {brought.unit}".strip()
    return str(brought.value)


HOLIDAYS = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "国庆节": "National Day",
    "抗战胜利七十周年纪念日": "70th anniversary of the victory",
}
"""The holidays as the notices name them; what a person entered stays as it was typed."""
MADE_UP = "调休上班"


@register.filter
def holiday(name: str) -> str:
    """The name of a day in the language of the page."""
    known = HOLIDAYS.get(name.removesuffix(MADE_UP))
    if chinese() or known is None:
        return name
    return f"{known}, day worked to make up" if name.endswith(MADE_UP) else known
