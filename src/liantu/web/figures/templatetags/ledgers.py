"""Words and links of figures in templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.ledger import sentences
from liantu.web.figures.shown import Shown, value_text
from liantu.web.kit.naming import chinese

register = template.Library()

KIND_NAMES = {
    "year": gettext_lazy("Years"), "ytd": gettext_lazy("Year to date"), "quarter": gettext_lazy("Quarters"),
    "month": gettext_lazy("Months"), "point": gettext_lazy("Days"), "plan": gettext_lazy("Five-year plans"),
    "span": gettext_lazy("Other spans"),
}  # fmt: skip


@register.filter
def kind_name(kind: str) -> str:
    """What a kind of period is called."""
    return str(KIND_NAMES.get(kind, kind))


@register.filter
def level_tone(level: str) -> str:
    """The colour of a level of approval."""
    return {"released": "good", "checked": "info"}.get(level, "plain")


@register.filter
def severity_tone(severity: str) -> str:
    """The colour of a severity."""
    return {"error": "bad", "warning": "warn"}.get(severity, "info")


@register.filter
def check_name(code: str) -> str:
    """What a check says."""
    return sentences.check_name(code, "zh" if chinese() else "en")


@register.filter
def severity_name(code: str) -> str:
    """A severity's name."""
    return sentences.severity_name(code, "zh" if chinese() else "en")


@register.filter
def explanation_name(code: str) -> str:
    """What may explain a finding."""
    return sentences.explanation_name(code, "zh" if chinese() else "en")


@register.filter
def param_name(code: str) -> str:
    """What a further number of a finding says."""
    return sentences.param_name(code, "zh" if chinese() else "en")


@register.filter
def formula_text(formula: str) -> str:
    """The formula of a finding in words."""
    return sentences.formula_text(formula, "zh" if chinese() else "en")


@register.filter
def role_name(code: str) -> str:
    """The role of a figure in a finding."""
    return sentences.role_name(code, "zh" if chinese() else "en")


@register.filter
def low(state: str) -> str:
    """The colour of a state of a document or a proposal."""
    return {"read": "good", "refused": "bad", "accepted": "good", "rejected": "warn"}.get(state, "plain")


@register.simple_tag
def series_href(subject: Any, indicator: Any) -> str:
    """The address of a series."""
    said = {"subject": getattr(subject, "id", subject), "indicator": getattr(indicator, "id", indicator)}
    query = urlencode(said)
    return f"{reverse('series')}?{query}"


@register.simple_tag
def figure_value(s: Shown) -> SafeString:
    """The value as a link to the figure, with its bound."""
    return format_html(
        '<a href="{}" class="nowrap">{}</a>', reverse("figures-one", args=[s.id]),
        f"{s.qualifier} {s.value}".strip(),
    )  # fmt: skip


@register.simple_tag
def figure_source(s: Shown) -> SafeString:
    """The source, short, with all that is known of it on hover and on focus."""
    dated = s.source_date.isoformat() if s.source_date else _("no date")
    return format_html(
        '<span class="tip" tabindex="0">{}<span class="tip-text" role="tooltip">{} · {}{}</span></span>',
        _short(s.source) or "–", s.source or "–", dated, f" · {s.row.place}" if s.row.place else "",
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 14 else f"{text[:13]}…"


@register.filter
def value_of(fact: dict[str, Any]) -> str:
    """The value of a fact, as pages write it."""
    from decimal import Decimal, InvalidOperation

    try:
        return value_text(Decimal(str(fact["value"])), str(fact["unit"]))
    except (InvalidOperation, KeyError):
        return ""


@register.filter
def sure(confidence: float) -> str:
    """How sure the reader is: 'low', 'middle', 'high'."""
    return "low" if confidence < 0.7 else "middle" if confidence < 0.9 else "high"
