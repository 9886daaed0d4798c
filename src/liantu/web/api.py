"""The programming interface: every operation of every app, one shape of error, one document.

Pages and operations share selectors, actions and scopes. An operation says which permission it needs
(`auth=needs(...)`); the guard of pages lets it through, because the token decides.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError

import liantu.web.api_audit as audit
import liantu.web.atlas.api as atlas
import liantu.web.exchange.api as exchange
import liantu.web.exchange.match_api as match
import liantu.web.figures.api as figures
import liantu.web.tokens.api as tokens
from liantu import i18n, messages
from liantu.errors import InputError
from liantu.web.kit.api import ApiError, Renderer, StrictParser, problem
from liantu.web.kit.parameters import BadParameterError
from liantu.web.tokens.access import Bearer

VERSION = "1.0"
DESCRIPTION = """\
What the pages show and do, for programs. Make a token under *API tokens* in your own menu and send it as
`Authorization: Bearer liantu_...`. A token carries permissions; an operation needs one of them, and its owner
must hold it too at the time of the call. Amounts are a year's and in the unit that stands beside them;
money is CNY. Where a `run` may be given, the answer is about that run; without it about the published one.
Every error has the same shape: `code` for programs, `message` for people, `where` for all the places that
are wrong.
"""
ROUTERS: tuple[tuple[str, Router], ...] = (
    ("", tokens.router),
    ("", atlas.router),
    ("/exchange", match.router),
    ("/exchange", exchange.router),
    ("/figures", figures.router),
    ("/audit", audit.router),
)

api = NinjaAPI(
    title="liantu",
    version=VERSION,
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    parser=StrictParser(),
    renderer=Renderer(),
)
for prefix, router in ROUTERS:
    api.add_router(prefix, router)


@api.exception_handler(ApiError)
def _own(request: HttpRequest, error: ApiError) -> HttpResponse:
    answer = problem(error.status, error.code, error.message, error.where)
    if error.status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    said = _("Send a token that is valid: Authorization: Bearer liantu_...")
    answer = problem(401, "token", said)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    where = [(".".join(str(part) for part in e["loc"]), sentence(e)) for e in error.errors]
    return problem(422, "invalid", _("Some of what was sent can't be taken; see where."), where)


@api.exception_handler(InputError)
def _refused(request: HttpRequest, error: InputError) -> HttpResponse:
    """What the engine refuses, all at once."""
    language: messages.Lang = "zh" if i18n.current_language() == i18n.ZH else "en"
    where = [("body", messages.sentence(found, language)) for found in error.problems]
    return problem(422, "refused", _("The engine refuses what was asked; see where."), where)


@api.exception_handler(BadParameterError)
def _bad_parameter(request: HttpRequest, error: BadParameterError) -> HttpResponse:
    said = _("It can't be “%(found)s”.") % {"found": error.found}
    return problem(
        422, "invalid", _("Some of what was sent can't be taken; see where."), [(error.name, said)]
    )


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    said = error.args[0] if error.args and "No " not in str(error.args[0])[:3] else ""
    return problem(404, "not_found", said or _("It is not there, or not for you."))


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, "forbidden", str(error) or _("This is not for your role."))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses: a body that is no JSON."""
    return problem(
        error.status_code, "unreadable", _("The body is not an object of JSON in UTF-8 without NUL.")
    )


def sentence(error: dict[str, Any]) -> str:
    """What pydantic found, in the language of the caller."""
    limits = error.get("ctx", {})
    told = {
        "missing": _("It is missing."),
        "extra_forbidden": _("There is no such field."),
        "int_parsing": _("A whole number is expected."),
        "int_type": _("A whole number is expected."),
        "float_parsing": _("A number is expected."),
        "float_type": _("A number is expected."),
        "finite_number": _("A finite number is expected."),
        "string_type": _("A text is expected."),
        "bool_parsing": _("true or false is expected."),
        "uuid_parsing": _("A UUID is expected."),
        "greater_than_equal": _("It must be at least %(ge)s."),
        "greater_than": _("It must be more than %(gt)s."),
        "less_than_equal": _("It must be at most %(le)s."),
        "string_too_long": _("It has more than %(max_length)s characters."),
        "string_too_short": _("It has fewer than %(min_length)s characters."),
        "literal_error": _("One of these is expected: %(expected)s."),
        "enum": _("One of these is expected: %(expected)s."),
    }.get(error["type"])
    try:
        return told % limits if told else str(error["msg"])
    except KeyError:
        return str(error["msg"])


def permission_of(operation: Any) -> str:
    """The permission that an operation names; '' where any token will do."""
    guards = [a for a in operation.auth_callbacks if isinstance(a, Bearer)]
    assert guards, f"{operation.view_func.__name__} names no permission: auth=needs(...)"
    return guards[0].permission.value if guards[0].permission else ""
