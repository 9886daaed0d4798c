"""Drawings in templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.chainmap.draw import Drawing
from liantu.web.atlas.chainmap.write import write

register = template.Library()


@register.simple_tag
def write_drawing(drawing: Drawing) -> SafeString:
    """The inside of the drawing's SVG."""
    return write(drawing)


@register.filter
def may_outline(user: object) -> bool:
    """Whether the person may set the city's outline."""
    return isinstance(user, User) and user.may(Permission.DATASETS_COMMIT)
