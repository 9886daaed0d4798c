"""Whoever looks at another run than the published one stays with it: links and forms of the atlas keep it.

Done once, on the finished page, so that no template can forget it. Pages of the published run are not
touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PARTS = "map|plants|materials|circular|plan|prices|gaps|chains|sources|match"
LINK = re.compile(
    rf'(<a\b(?![^>]*\sdata-leave)[^>]*?\shref=")((?:/en)?/(?:{PARTS})/[^"#?]*)(\?[^"#]*)?(#[^"]*)?(")'
)
QUERY_LINK = re.compile(r'(<a\b(?![^>]*\sdata-leave)[^>]*?\shref=")(\?[^"#]*)(#[^"]*)?(")')
FORM = re.compile(
    rf'<form\b(?=[^>]*\bmethod="get")(?:(?!\baction=)[^>]|\baction="(?:/en)?/(?:{PARTS})/[^"]*")*>'
)


def keep_run(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; below the one that knows the city of a request."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        city = getattr(request, "_city", None)
        named = request.GET.get("run") or getattr(request, "_keeps_run", False)
        run = city.run if city is not None and named else None
        if (
            run is not None
            and not response.streaming
            and response.headers.get("Content-Type", "").startswith("text/html")
        ):
            response.content = kept(response.content.decode(), str(run.pk)).encode()
            if response.has_header("Content-Length"):
                response.headers["Content-Length"] = str(len(response.content))
        return response

    return answer


def kept(page: str, run: str) -> str:
    """The page with the run in every link and every search of the atlas that does not name one."""

    def link(found: re.Match[str]) -> str:
        before, path, query, anchor, after = found.groups()
        return f"{before}{path}{_with(query or '', run)}{anchor or ''}{after}"

    def query_link(found: re.Match[str]) -> str:
        before, query, anchor, after = found.groups()
        return f"{before}{_with(query, run)}{anchor or ''}{after}"

    page = QUERY_LINK.sub(query_link, LINK.sub(link, page))
    hidden = f'<input type="hidden" name="run" value="{run}">'
    return FORM.sub(lambda found: found[0] + hidden, page)


def _with(query: str, run: str) -> str:
    """A query with the run; one that names a run, or that leads back, is left alone."""
    if re.search(r"[?;&]run=", query):
        return query
    return f"{query}&amp;run={run}" if len(query) > 1 else f"?run={run}"
