"""Datasets and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from liantu.web.accounts.permissions import Permission
from liantu.web.atlas.models import Dataset, DatasetVersion
from liantu.web.kit.api import Many, Window, answers, unchanging, window
from liantu.web.tokens.access import needs

router = Router(tags=["datasets"])
READ = needs(Permission.DATASETS_READ)
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class DatasetRow(Schema):
    """The tables of one city; `current` is the number of the version that holds now."""

    code: str
    name_zh: str
    name_en: str
    current: int | None = Field(alias="current_number")


class Version(Schema):
    """One immutable state of the tables. `digest` is SHA-256 of their content, whatever their order and
    format; `counts` are rows by table; `restores` the number of the version that a rollback brought back."""

    number: int
    digest: str
    origin: str
    note: str
    counts: dict[str, Any]
    changes: dict[str, Any]
    restores: int | None = Field(alias="restored")
    created_at: datetime


_VERSION = ("number", "digest", "origin", "note", "counts", "changes", "created_at")


@router.get("/datasets", auth=READ, response=answers(Many[DatasetRow]), summary="Datasets")
def datasets(request: HttpRequest, asked: Query[Window]) -> dict[str, Any]:
    """Every dataset."""
    rows = Dataset.objects.order_by("code").values(
        "code", "name_zh", "name_en", current_number=F("current__number")
    )
    return window(rows, asked)


@router.get("/datasets/{code}/versions", auth=READ, response=answers(Many[Version], 404), summary="Versions")
def versions(request: HttpRequest, code: str, asked: Query[Window]) -> dict[str, Any]:
    """The versions of a dataset, the newest first."""
    return window(_versions(_dataset(code)), asked)


@router.get(
    "/datasets/{code}/versions/{number}", auth=READ, response=answers(Version, 404), summary="One version"
)
def version(request: HttpRequest, code: str, number: Number) -> dict[str, Any]:
    """One version of a dataset."""
    found: dict[str, Any] | None = _versions(_dataset(code)).filter(number=number).first()
    if found is None:
        raise Http404
    return found


@router.get(
    "/datasets/{code}/versions/{number}/package",
    auth=READ,
    response={**answers(None, 404), 304: None},
    summary="The tables of a version",
    openapi_extra={
        "responses": {
            200: {
                "description": "A data package as a ZIP archive, with an ETag: it never changes.",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def package(request: HttpRequest, code: str, number: Number) -> HttpResponse:
    """The data package as it was committed."""
    found = get_object_or_404(DatasetVersion, dataset=_dataset(code), number=number)
    return unchanging(request, bytes(found.package), found.sha256 or found.digest, "application/zip")


def _dataset(code: str) -> Dataset:
    return get_object_or_404(Dataset, code=code[:64])


def _versions(dataset: Dataset) -> Any:
    return dataset.versions.order_by("-number").values(*_VERSION, restored=F("restores__number"))
