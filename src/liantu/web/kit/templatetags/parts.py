"""Parts of pages: addresses of static files, sortable headers, links that keep the rest of the address."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@cache
def _version(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"no static file is called {name}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file with the hash of its content, so that it can be kept for long."""
    return f"{static(name)}?v={_version(name)}"


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], language: str) -> str:
    """This page in the other language, with the same filters."""
    request: HttpRequest | None = context.get("request")
    return translate_url(request.get_full_path(), language) if request else "/"


@register.simple_tag(takes_context=True)
def current(context: dict[str, Any], prefix: str) -> str:
    """'active' where the page stands in this part of the menu."""
    match = getattr(context.get("request"), "resolver_match", None)
    return "active" if match and match.url_name and match.url_name.split("-")[0] in prefix.split() else ""


@register.simple_tag(takes_context=True)
def current_page(context: dict[str, Any], prefix: str) -> SafeString:
    """What tells a screen reader where the page stands in the menu."""
    return format_html(' aria-current="{}"', "page") if current(context, prefix) else SafeString("")


@register.inclusion_tag("kit/sort_header.html", takes_context=True)
def sort_header(context: dict[str, Any], key: str, label: str, numeric: bool = False) -> dict[str, Any]:
    """A header that sorts its column: numbers from the largest, names from the first."""
    request: HttpRequest = context["request"]
    now = context["sort"] if "sort" in context else getattr(context.get("list"), "sort", "")
    first = f"-{key}" if numeric else key
    other = key if numeric else f"-{key}"
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = other if now == first else first
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    return {"label": label, "numeric": numeric, "query": query.urlencode(), "state": state}


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """This page's filters with some changed; '' takes a filter off."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"
