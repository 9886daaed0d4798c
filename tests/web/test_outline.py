"""A city's own outline: uploaded, drawn, taken away; refused with every problem; nobody else's business."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.atlas.models import OutlineFile
from liantu.web.atlas.outline import outline_of
from liantu.web.audit.models import Event
from tests.web.conftest import person, signed_in

RING = [[101.5, 38.0], [103.0, 38.0], [103.0, 39.0], [101.5, 39.0], [101.5, 38.0]]


def geojson(ring: object = RING) -> SimpleUploadedFile:
    area = {
        "type": "Feature",
        "properties": {"name": "区"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    content = {"type": "FeatureCollection", "features": [area], "审图号": "甘S(2026)001号"}
    return SimpleUploadedFile("outline.geojson", json.dumps(content).encode())


def test_it_is_drawn_and_taken_away(client: Client, guitang: City) -> None:
    assert client.post("/map/outline/", {"file": geojson()}, follow=True).redirect_chain == [
        ("/map/geo/", 302)
    ]
    drawn = outline_of(guitang)
    assert drawn is not None
    assert (drawn.west, drawn.north, drawn.review) == (101.5, 39.0, "甘S(2026)001号")
    assert "甘S(2026)001号" in client.get("/map/geo/").content.decode()
    assert "outline.geojson" in client.get("/map/outline/").content.decode()
    client.post("/map/outline/", {"remove": "1"})
    assert outline_of(guitang) is None
    done = list(
        Event.objects.filter(action__startswith="outline").order_by("seq").values_list("action", flat=True)
    )
    assert done == ["outline.uploaded", "outline.removed"]


@pytest.mark.parametrize(
    "content", [b"", b"junk", b"[1]", b"x" * 10_000_000, b'{"type":"FeatureCollection"}']
)
def test_what_is_no_outline_is_refused(client: Client, guitang: City, content: bytes) -> None:
    answer = client.post("/map/outline/", {"file": SimpleUploadedFile("a.geojson", content)})
    assert answer.status_code == 400
    assert OutlineFile.objects.count() == 0


def test_all_that_is_wrong_is_told(client: Client, guitang: City) -> None:
    answer = client.post("/en/map/outline/", {"file": geojson([[200, 38], [103, 99], [103, 39], [101, 38]])})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert text.count("·") >= 2
    assert "200" in text
    assert "99" in text


@pytest.mark.parametrize("role", [Role.LEADER, Role.ENTERPRISE, Role.AGENT])
def test_others_may_not(guitang: City, role: Role) -> None:
    outsider = signed_in(person(role))
    assert outsider.post("/map/outline/", {"file": geojson()}).status_code == 403
    assert OutlineFile.objects.count() == 0
