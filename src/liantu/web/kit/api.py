"""What every operation of the programming interface shares: its errors, its windows on long lists."""

from __future__ import annotations

import json
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from ninja import Field, Schema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from pydantic import StringConstraints

Item = TypeVar("Item")
LONGEST_LIST = 200

Code = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
"""An identifier of the city's tables."""
Text = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Place(Schema):
    """One thing that is wrong: where it stands (query.limit, body.quantity), and what it is."""

    at: str
    message: str


class Problem(Schema):
    """Every answer that is not a success."""

    code: str = Field(description="For programs; it does not change with the language.")
    message: str = Field(description="For people, in the language that Accept-Language asks for.")
    where: list[Place] = Field(description="All that is wrong at once, where there is a place to name.")


class ApiError(Exception):
    """Raised by an operation: status, code, sentence, and places as (at, message)."""

    def __init__(
        self, status: int, code: str, message: object, where: list[tuple[str, str]] | None = None
    ) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.message = str(message)
        self.where = where or []


def problem(
    status: int, code: str, message: object, where: list[tuple[str, str]] | None = None
) -> JsonResponse:
    """The one shape of an error."""
    places = [{"at": at, "message": said} for at, said in where or []]
    body = {"code": code, "message": str(message), "where": places}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def answers(schema: Any, *more: int, status: int = 200) -> dict[int, Any]:
    """What an operation answers: success, the errors that any can give, and `more` of its own."""
    return {status: schema, **dict.fromkeys(sorted({400, 401, 403, 422, 429, *more}), Problem)}


class Window(Schema):
    """Which rows of a long list."""

    limit: int = Field(50, ge=1, le=LONGEST_LIST, description="How many rows at most.")
    offset: int = Field(0, ge=0, le=10_000_000, description="How many rows are passed over.")


class Many(Schema, Generic[Item]):
    """A window on a list; `total` counts the whole list."""

    total: int
    items: list[Item]


def window(rows: QuerySet[Any] | list[Any] | tuple[Any, ...], wanted: Window) -> dict[str, Any]:
    """The rows of a window and how many there are; two queries for a queryset."""
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    return {"total": total, "items": list(rows[wanted.offset : wanted.offset + wanted.limit])}


def unchanging(
    request: HttpRequest, content: bytes, digest: str, kind: str = "application/json"
) -> HttpResponse:
    """Content that never changes, with its digest as ETag; 304 where the caller has it already."""
    etag = f'"{digest}"'
    found = get_conditional_response(request, etag=etag, response=HttpResponse(content, content_type=kind))
    assert found is not None
    found.headers["ETag"] = etag
    found.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return found


class StrictParser(Parser):
    """JSON without what no database keeps: NUL, halves of surrogate pairs, NaN and Infinity."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            found = json.loads(request.body, parse_constant=_refuse)
            text = json.dumps(found, ensure_ascii=False)
            text.encode()
        except (ValueError, RecursionError) as error:
            raise ValueError("not JSON in UTF-8") from error
        if "\\u0000" in text:
            raise ValueError("holds the character NUL")
        if not isinstance(found, dict):
            raise ValueError("not an object")  # ninja would take it for an empty one
        return found


class Renderer(JSONRenderer):
    """Chinese as it is written; no NaN, which is no JSON."""

    json_dumps_params: Any = {  # noqa: RUF012 (as the base class has it)
        "ensure_ascii": False,
        "allow_nan": False,
    }


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
