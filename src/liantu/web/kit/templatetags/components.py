"""Components of pages: fields of forms, lists, states, progress, dates; each stands in the gallery."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liantu.web.kit.pages import Paged
from liantu.web.kit.templatetags.figures import percent

register = template.Library()

TONES = ("plain", "info", "good", "warn", "bad")
CHECKS = (forms.CheckboxInput,)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


# forms


@register.inclusion_tag("kit/field.html")
def field(bound: BoundField, unit: str = "", wide: str = "") -> dict[str, Any]:
    """A field with its label, help, unit and all its errors; `wide` are classes of the column."""
    widget = bound.field.widget
    kind = "check" if isinstance(widget, CHECKS) else "group" if isinstance(widget, GROUPS) else "plain"
    return {
        "field": bound,
        "kind": kind,
        "unit": unit,
        "wide": wide,
        "widget": bound.as_widget(attrs=_attributes(bound, unit)),
        "optional": not bound.field.required and kind == "plain",
    }


def _attributes(bound: BoundField, unit: str) -> dict[str, str]:
    """Tabler's class for the kind of widget, and what describes the field to a screen reader."""
    widget = bound.field.widget
    own = str(widget.attrs.get("class", ""))
    if isinstance(widget, GROUPS):
        name = ""  # Django would put it on what is around them too
    elif isinstance(widget, CHECKS):
        name = "form-check-input"
    else:
        name = "form-select" if isinstance(widget, forms.Select) else "form-control"
    classes = [part for part in (name, own) if part and (part != name or name not in own.split())]
    if bound.errors and name:
        classes.append("is-invalid")
    told = [
        f"{bound.auto_id}_unit" if unit else "",
        f"{bound.auto_id}_helptext" if bound.help_text else "",
        f"{bound.auto_id}_error" if bound.errors else "",
    ]
    found = {"class": " ".join(classes)}
    if any(told):
        found["aria-describedby"] = " ".join(filter(None, told))
    return found


@register.inclusion_tag("kit/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every field of a form in order, hidden ones too."""
    return {"form": form}


@register.inclusion_tag("kit/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """All that is wrong with a form, above it; each line leads to its field."""
    if not form.is_bound:
        return {"count": 0}
    errors = [
        (form[name], error) for name in form.fields if name in form.errors for error in form[name].errors
    ]
    general = list(form.non_field_errors())
    return {"errors": errors, "general": general, "count": len(errors) + len(general)}


# lists


@register.inclusion_tag("kit/list_filters.html", takes_context=True)
def list_filters(context: dict[str, Any], found: Paged[Any], target: str = "#list") -> dict[str, Any]:
    """The search and the filters of a list; with JavaScript only the list is replaced."""
    return {"list": found, "request": context["request"], "target": target}


@register.inclusion_tag("kit/list_pages.html", takes_context=True)
def list_pages(context: dict[str, Any], found: Paged[Any]) -> dict[str, Any]:
    """Which rows are shown of how many, and the way to the others."""
    return {"list": found, "request": context["request"]}


@register.inclusion_tag("kit/empty.html")
def empty_state(title: str, text: str = "", href: str = "", action: str = "") -> dict[str, Any]:
    """What a list says where there is nothing: why, and what to do about it."""
    return {"title": title, "text": text, "href": href, "action": action}


# states


@register.simple_tag
def pill(text: object, tone: str = "plain") -> SafeString:
    """A state as a word on a colour: plain, info, good, warn, bad. The word alone says it."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"a pill is one of {', '.join(TONES)}, not {tone!r}")
    return format_html('<span class="pill pill-{}">{}</span>', tone, text)


@register.filter
def job_tone(status: str) -> str:
    """The colour of the state of a job or run."""
    return {"running": "info", "done": "good", "failed": "bad", "cancelled": "warn"}.get(status, "plain")


@register.simple_tag
def progress(done: float | None, total: float | None, label: str = "") -> SafeString:
    """A bar of work done; without a total it only says that there is work."""
    name = label or _("Progress")
    if not total:
        return format_html('<progress class="progress" aria-label="{}"></progress>', name)
    share = min(max((done or 0) / total, 0.0), 1.0)
    return format_html(
        '<progress class="progress" max="{}" value="{}" aria-label="{}">{}</progress>',
        total,
        share * total,
        name,
        percent(share, 0),
    )


# the way


@register.simple_tag
def crumb(name: str, label: object, *args: object) -> SafeString:
    """A step of the way to this page: name of the address, label, what the address needs."""
    return format_html(
        '<li class="breadcrumb-item"><a href="{}">{}</a></li>', reverse(name, args=args), label
    )


@register.inclusion_tag("kit/tabs.html")
def tabs(items: Any, chosen: str, label: str) -> dict[str, Any]:
    """Pages side by side: `items` are (key, label, address), `chosen` a key, `label` names the group."""
    return {"items": items, "chosen": chosen, "label": label}


@register.tag
def confirm(parser: Parser, token: Token) -> ConfirmNode:
    """{% confirm _("Delete") _("Delete the row?") "btn-danger" %} the form {% endconfirm %}

    A button that opens a question; what stands inside is shown only then. A dialog with JavaScript, a
    part of the page that unfolds without.
    """
    bits = token.split_contents()[1:]
    if len(bits) not in (2, 3):
        raise template.TemplateSyntaxError("confirm needs the words of the button and the question")
    inside = parser.parse(("endconfirm",))
    parser.delete_first_token()
    return ConfirmNode([parser.compile_filter(bit) for bit in bits], inside)


class ConfirmNode(template.Node):
    child_nodelists = ("inside",)

    def __init__(self, words: list[FilterExpression], inside: NodeList) -> None:
        self.words = words
        self.inside = inside

    def render(self, context: template.Context) -> SafeString:
        button, question, *kind = [word.resolve(context) for word in self.words]
        said = {"button": button, "question": question, "kind": kind[0] if kind else ""}
        return mark_safe(
            render_to_string("kit/confirm.html", {**said, "inside": mark_safe(self.inside.render(context))})
        )


# dates


@register.filter
def day(value: date | datetime | None) -> str:
    """2026-11-22, in the city's time; the same in both languages."""
    if value is None:
        return "–"
    return (timezone.localtime(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """2026-11-22 14:03, in the city's time."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    return format_html(
        '<time class="nowrap" datetime="{}">{}</time>', local.isoformat(), local.strftime("%Y-%m-%d %H:%M")
    )


@register.filter
def ago(value: datetime | None) -> SafeString | str:
    """'3 minutes ago', 'in 2 days'; the exact time stands in the title."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>',
        local.isoformat(),
        local.strftime("%Y-%m-%d %H:%M"),
        _distance((timezone.now() - value).total_seconds()),
    )


def _distance(seconds: float) -> str:
    """In the largest unit that fits, rounded down."""
    n = abs(int(seconds))
    if n < 60:
        return _("just now") if seconds >= 0 else _("in a moment")
    if n < 3600:
        n //= 60
        past, ahead = (
            ngettext("%(n)s minute ago", "%(n)s minutes ago", n),
            ngettext("in %(n)s minute", "in %(n)s minutes", n),
        )
    elif n < 86400:
        n //= 3600
        past, ahead = (
            ngettext("%(n)s hour ago", "%(n)s hours ago", n),
            ngettext("in %(n)s hour", "in %(n)s hours", n),
        )
    else:
        n //= 86400
        past, ahead = (
            ngettext("%(n)s day ago", "%(n)s days ago", n),
            ngettext("in %(n)s day", "in %(n)s days", n),
        )
    return (past if seconds >= 0 else ahead) % {"n": n}
