"""Tables, columns and problems of datasets in templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import Select
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liantu import messages
from liantu.data.schema import TABLES
from liantu.errors import Problem
from liantu.messages import Lang
from liantu.web.atlas.datasets import show
from liantu.web.kit.naming import chinese
from liantu.web.kit.templatetags.components import pill

register = template.Library()


def _lang() -> Lang:
    return "zh" if chinese() else "en"


@register.filter
def what(problem: Problem) -> str:
    """What is wrong, in the language of the page."""
    return messages.what(problem, _lang())


@register.filter
def remedy(problem: Problem) -> str:
    """What to do about it."""
    return messages.fix(problem, _lang())


@register.filter
def sentence(problem: Problem) -> str:
    """Place, what is wrong, what to do."""
    return messages.sentence(problem, _lang())


@register.filter
def table_title(name: str) -> str:
    """What a table is called."""
    return show.title_of(name) if name in TABLES else name


@register.simple_tag
def column_title(table: str, column: str) -> str:
    """What a column holds, in a few words; its own name where it is not declared."""
    if table not in TABLES or column not in TABLES[table].names:
        return column
    field = TABLES[table].field(column)
    text = field.zh if chinese() else field.en
    return text.split("；")[0].split("，")[0] if chinese() else text.split(";")[0].split(", ")[0]


@register.simple_tag
def column_unit(table: str, column: str) -> str:
    """The unit of a column; blank where it has none."""
    return TABLES[table].field(column).unit if table in TABLES and column in TABLES[table].names else ""


@register.filter
def cell(value: Any) -> str:
    """A cell as it stands in a file."""
    return show.cell_text(value)


@register.filter
def problem_kind(code: str) -> str:
    """A kind of problem in a few words: its fix names the rest."""
    fix = messages.FIXES.get(code)
    return fix[_lang()].replace("{near}", "").format(found="…", expected="…") if fix else code


@register.filter
def is_number(value: Any) -> bool:
    """Whether a cell is a number."""
    return isinstance(value, float)


@register.simple_tag
def bare(bound: BoundField) -> SafeString:
    """A field's input alone, with its class and the place of its errors; its label stands beside it."""
    select = isinstance(bound.field.widget, Select)
    classes = ["form-select" if select else "form-control", *(["is-invalid"] if bound.errors else [])]
    attrs = {"class": " ".join(classes)}
    if bound.errors:
        attrs["aria-describedby"] = f"{bound.auto_id}_error"
    return bound.as_widget(attrs=attrs)


@register.simple_tag
def late(days: int | None, every: int) -> SafeString | str:
    """How late a figure's confirmation is, in words."""
    if days is None:
        return ""
    if days < 0:
        said = ngettext("due in %(n)s day", "due in %(n)s days", -days) % {"n": -days}
        return pill(said, "good" if -days > every / 5 else "warn")
    if days == 0:
        return pill(_("due today"), "warn")
    return pill(ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}, "bad")


@register.simple_tag
def sums(changes: dict[str, list[int]]) -> str:
    """Rows added, removed and changed in all tables: '+3 −1 ~12'."""
    added, removed, changed = (sum(c[i] for c in changes.values()) for i in range(3))
    return f"+{added} −{removed} ~{changed}"
