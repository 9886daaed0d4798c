"""The OpenAPI document, and a page that is made of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liantu.web.accounts.access import open_page, own_page
from liantu.web.api import api, permission_of
from liantu.web.kit.api import unchanging

PREFIX = "/api/v1/"


@cache
def openapi() -> dict[str, Any]:
    """The document: what ninja makes, with the permission that each operation needs."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    needed = {
        operation.operation_id or api.get_openapi_operation_id(operation): permission_of(operation)
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    }
    for methods in made["paths"].values():
        for operation in methods.values():
            permission = needed[operation["operationId"]]
            operation["x-permission"] = permission
            told = f"Needs the permission `{permission}`." if permission else "Any token will do."
            operation["description"] = "\n\n".join(filter(None, (operation.get("description", ""), told)))
    return made


def text() -> str:
    """The document as it is committed: docs/openapi.json."""
    return json.dumps(openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@open_page
def document(request: HttpRequest) -> HttpResponse:
    """The document itself; it says nothing of the city."""
    body = text().encode()
    answer = unchanging(request, body, hashlib.sha256(body).hexdigest()[:32])
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body or an answer: its type in words, and what it means."""

    name: str
    type: str
    where: str
    required: bool
    says: str


@dataclass(frozen=True)
class Operation:
    """One operation as the reference shows it; `answers` are (status, name of the schema)."""

    id: str
    method: str
    path: str
    summary: str
    says: str
    permission: str
    parameters: tuple[Field, ...]
    body: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SchemaOf:
    """A named schema with its fields."""

    name: str
    says: str
    fields: tuple[Field, ...]


@own_page
def page(request: HttpRequest) -> HttpResponse:
    """The reference: operations by subject, then the schemas they speak of."""
    made = openapi()
    groups: dict[str, list[Operation]] = {}
    for path, methods in made["paths"].items():
        for method, said in methods.items():
            groups.setdefault(said["tags"][0], []).append(_operation(path, method, said))
    schemas = [_schema(name, said) for name, said in sorted(made["components"]["schemas"].items())]
    context = {"groups": groups, "schemas": schemas, "prefix": PREFIX, "document": made["info"]}
    return render(request, "kit/reference.html", context)


def _operation(path: str, method: str, said: dict[str, Any]) -> Operation:
    fields = [
        Field(
            p["name"],
            _type(p["schema"]),
            p["in"],
            p.get("required", False),
            p["schema"].get("description", ""),
        )
        for p in said.get("parameters", ())
    ]
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        says=said["description"],
        permission=said["x-permission"],
        parameters=tuple(fields),
        body=_content(said.get("requestBody", {})),
        answers=tuple((status, _content(answer)) for status, answer in said["responses"].items()),
    )


def _content(said: dict[str, Any]) -> str:
    kinds = said.get("content", {})
    return ", ".join(_type(kind["schema"]) if "schema" in kind else name for name, kind in kinds.items())


def _schema(name: str, said: dict[str, Any]) -> SchemaOf:
    wanted = said.get("required", ())
    fields = [
        Field(key, _type(one), "", key in wanted, one.get("description", ""))
        for key, one in said.get("properties", {}).items()
    ]
    return SchemaOf(name, said.get("description", ""), tuple(fields))


def _type(said: dict[str, Any]) -> str:
    """A schema in a word: 'Plant', 'list of Plant', 'number or null'."""
    if "$ref" in said:
        return str(said["$ref"]).rpartition("/")[2]
    if "anyOf" in said:
        return " or ".join(_type(one) for one in said["anyOf"])
    if "enum" in said or "const" in said:
        return " | ".join(str(v) for v in said.get("enum", [said.get("const")]))
    if said.get("type") == "array":
        return f"list of {_type(said.get('items', {}))}"
    shape = str(said.get("format") or said.get("type") or "any")
    limits = [f"{sign} {said[key]}" for key, sign in (("minimum", "≥"), ("maximum", "≤")) if key in said]
    return " ".join([shape, *limits])
