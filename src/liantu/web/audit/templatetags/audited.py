"""Names of what was done."""

from __future__ import annotations

from typing import Any

from django import template

from liantu.web.audit import words

register = template.Library()


@register.filter
def event_name(action: str) -> str:
    """'account.login' is 'logged in'."""
    return words.name_of(action)


@register.filter
def kind_name(kind: str) -> str:
    """The kind of an object."""
    return str(words.KINDS.get(kind, kind))


@register.filter
def field_name(field: str) -> str:
    """A field of a detail."""
    return str(words.FIELDS.get(field, field))


@register.filter
def said(value: Any) -> str:
    """A value of a detail: nothing is a dash, the rest as it is."""
    return "–" if value in (None, "") else str(value)
