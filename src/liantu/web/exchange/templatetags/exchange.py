"""Names, states and figures of the exchange in templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.templatetags.city import place_name
from liantu.web.exchange.models import Statement
from liantu.web.exchange.shown import Shown

register = template.Library()
TONES = {
    Statement.Status.OPEN: "good",
    Statement.Status.MATCHED: "info",
    Statement.Status.WITHDRAWN: "plain",
    Statement.Status.CLOSED: "plain",
}


def _may_read(context: dict[str, Any]) -> bool:
    user = getattr(context.get("request"), "user", None)
    return isinstance(user, User) and user.may(Permission.ATLAS_READ)


@register.simple_tag(takes_context=True)
def material_ref(context: dict[str, Any], key: str, name: object) -> SafeString | str:
    """A material's name, as a link for who may open the atlas."""
    if not _may_read(context):
        return str(name)
    return format_html('<a href="{}">{}</a>', reverse("materials-one", args=[key]), name)


@register.simple_tag(takes_context=True)
def plant_ref(context: dict[str, Any], key: str, name: object) -> SafeString | str:
    """A plant's name, as a link for who may open the atlas; a pool or the outside is only named."""
    if not key or not _may_read(context):
        return str(name)
    return format_html('<a href="{}">{}</a>', reverse("plants-one", args=[key]), name)


@register.simple_tag(takes_context=True)
def exchange_link(context: dict[str, Any], material: str, kind: str = "need") -> SafeString | str:
    """From a gap to the exchange: state a need for the material or an offer of it; for who may state one."""
    user = getattr(context.get("request"), "user", None)
    if not isinstance(user, User) or not user.may(Permission.EXCHANGE_STATE):
        return ""
    query = urlencode({"kind": kind, "material": material})
    return format_html(
        '<a class="sub" href="{}?{}">{}</a>', reverse("statements-new"), query, _("State it in the exchange")
    )


@register.simple_tag
def side_name(seen: Shown | None) -> SafeString | str:
    """Whose statement it is, as far as this person may know."""
    if seen is None:
        return "–"
    if seen.name_hidden:
        return format_html('<span class="text-soft">{}</span>', _("name hidden"))
    return seen.enterprise or _("Task force")


@register.simple_tag
def place_of(seen: Shown) -> SafeString | str:
    """Where a statement stands, as far as this person may know."""
    if seen.name_hidden:
        return format_html('<span class="text-soft">{}</span>', _("hidden"))
    if seen.at:
        return place_name(seen.at)
    return f"{seen.lat:.4f}, {seen.lon:.4f}" if seen.lat is not None and seen.lon is not None else "–"


@register.filter
def statement_tone(status: str) -> str:
    """The tone of a statement's state."""
    return TONES.get(Statement.Status(status), "plain")
