"""Runs in templates: who may do what, a scenario in words, fields of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from liantu import i18n
from liantu.chain.network import LEVELS
from liantu.chain.units import unit_label
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.runs.accounts import Indicator
from liantu.web.atlas.runs.forms import LEVEL_NAMES
from liantu.web.atlas.runs.sections import ID, Cell, Section, cells_of
from liantu.web.kit.naming import chinese
from liantu.web.kit.templatetags.figures import money, number, percent, quantity

register = template.Library()


@register.filter
def may_start(user: object) -> bool:
    """Whether the person may start runs."""
    return isinstance(user, User) and user.may(Permission.RUNS_START)


@register.filter
def may_publish(user: object) -> bool:
    """Whether the person may choose what all see."""
    return isinstance(user, User) and user.may(Permission.RUNS_PUBLISH)


@register.filter
def may_read_runs(user: object) -> bool:
    """Whether the person may see runs that were never shown to all."""
    return isinstance(user, User) and user.may(Permission.RUNS_READ)


@register.simple_tag
def indicated(value: float | None, indicator: Indicator, signed: bool = False) -> str:
    """A figure of the accounts with its unit; a change with its sign."""
    if value is None:
        return "–"
    sign = "+" if signed and value > 0 else ""
    if indicator.kind == "share" and signed:
        return _("%(n)s percentage points") % {"n": f"{sign}{value * 100:.1f}"}
    if indicator.kind == "share":
        return percent(value)
    if indicator.kind == "money":
        return f"{sign}{money(value)}"
    return f"{sign}{quantity(value, indicator.unit)}"


@register.filter
def level_name(level: str) -> str:
    """What a price level is called."""
    return str(LEVEL_NAMES.get(level, level))


@register.filter
def unit_text(symbol: str) -> str:
    """A unit of money for a quantity, as the language has it."""
    money, _slash, per = symbol.partition("/")
    word = "元" if money == "CNY" and i18n.current_language() == i18n.ZH else money
    return f"{word}/{unit_label(per, i18n.current_language())}" if per else word


@register.simple_tag
def assumed_row(row: Mapping[str, str], section: Section, said: Mapping[str, Any]) -> str:
    """One row of a scenario in words; `said` knows what ids are called and counted in."""
    names: Mapping[str, str] = said["names"]
    colon = "：" if chinese() else ": "
    name = names.get(row[ID], row[ID])
    if section.whole:
        told = [
            f"{c.label}{colon}{names.get(row[c.name], row[c.name])}"
            for c in cells_of(section)
            if c.name != ID and row.get(c.name)
        ]
        return f"{name}{colon}{', '.join(told)}"
    if "value" not in row:
        return name
    value = row["value"]
    if value in LEVELS:
        return f"{name}{colon}{level_name(value)}"
    unit = said["units"].get(section.key, {}).get(row[ID], "")
    if unit.startswith("CNY/"):
        return f"{name}{colon}{number(float(value), 6)} {unit_text(unit)}"
    told = quantity(float(value), unit) if unit.strip("/y") else number(float(value), 6)
    return f"{name}{colon}{told}"


@register.simple_tag
def row_field(bound: BoundField, cell: Cell) -> SafeString:
    """A field of a row with its label above, its unit and its errors."""
    error = f"{bound.auto_id}_error"
    attrs = {"class": "form-control" + (" is-invalid" if bound.errors else "")}
    if bound.errors:
        attrs["aria-describedby"] = error
    if len(cell.words) and not cell.pick:
        attrs["placeholder"] = " / ".join(cell.words)
    unit = f" ({unit_text(str(cell.unit))})" if cell.unit else ""
    said = format_html_join("", "<div>{}</div>", ((e,) for e in bound.errors))
    return format_html(
        '<div class="cell"><label class="form-label" for="{}"><span class="visually-hidden">{} </span>'
        "{}{}</label>{}{}</div>",
        bound.id_for_label,
        str(bound.label).partition("·")[0],
        cell.label,
        unit,
        bound.as_widget(attrs=attrs),
        format_html('<div class="field-errors" id="{}">{}</div>', error, said) if bound.errors else "",
    )
