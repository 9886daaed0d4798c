"""What is done for every request: the content policy, the language, a clear answer to a bad parameter."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import activate, get_language, get_language_from_request

from liantu import i18n
from liantu.web.kit.errors import bad_parameter
from liantu.web.kit.parameters import BadParameterError

Handler = Callable[[HttpRequest], HttpResponse]

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # the small pictures inside Tabler's own style sheet
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def content_policy(get_response: Handler) -> Handler:
    """Everything a page loads is a file of this server; nothing inline, nothing framed."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return answer


def speak(get_response: Handler) -> Handler:
    """The engine's own sentences in the language of the page; the interface's in the one it is asked for."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/v"):
            activate(get_language_from_request(request))
        with i18n.speaking(get_language() or i18n.ZH):
            return get_response(request)

    return answer


def read_only(get_response: Handler) -> Handler:
    """Pages are read, never written to."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return get_response(request)

    return answer


class RefuseBadParameters:
    """A parameter that makes no sense is answered by a page that says which, and what would."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BadParameterError):
            return bad_parameter(request, exception)
        return None
