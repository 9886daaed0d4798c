"""The outline of a city or its counties from a GeoJSON that the customer gives, with all that is wrong in it.

liantu ships no outline: what packages offer has been taken from map services whose terms don't let it be
passed on, and a public map of China needs the number of its review. The customer gives its own file.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liantu.web.atlas.city import City
from liantu.web.atlas.models import OutlineFile

LARGEST = 5 * 1024 * 1024  # bytes
MOST_FEATURES, MOST_POINTS, MOST_SHOWN = 500, 200_000, 50
REVIEW = ("review_number", "审图号")


@dataclass(frozen=True)
class OutlineProblem:
    """One thing wrong in the file: where, what was found, what would do."""

    place: str
    found: str
    fix: str


@dataclass(frozen=True, eq=False)
class Outline:
    """A checked outline: areas as a GeoJSON that holds names and rings alone, its extent in degrees, and the
    number under which the map was reviewed, '' where the file states none."""

    geojson: dict[str, Any]
    west: float
    south: float
    east: float
    north: float
    review: str


def outline_of(city: City) -> Outline | None:
    """The outline to draw under a city: the newest one uploaded, else the file that the setting OUTLINE_FILE
    names, None without one.

    Raises OutlineError where that file can't be used.
    """
    newest = OutlineFile.objects.filter(dataset=city.version.dataset).first() if city.version else None
    if newest is not None:
        return _checked(bytes(newest.content), newest.pk) if newest.content else None
    name = getattr(settings, "OUTLINE_FILE", "")
    if not name:
        return None
    path = Path(name)
    try:
        return _outline_at(path, path.stat().st_mtime_ns)
    except OSError as error:
        fix = _("name a file that can be read in LIANTU_OUTLINE")
        raise OutlineError((OutlineProblem(_("the file"), str(error), fix),)) from error


@lru_cache(maxsize=4)
def _checked(content: bytes, _key: int) -> Outline | None:
    return read_outline(content)[0]


@lru_cache(maxsize=4)
def _outline_at(path: Path, changed: int) -> Outline:
    """Read anew when the file has changed."""
    outline, problems = read_outline(path.read_bytes())
    if outline is None:
        raise OutlineError(problems)
    return outline


class OutlineError(Exception):
    """The outline that the installation names can't be used."""

    def __init__(self, problems: tuple[OutlineProblem, ...]) -> None:
        super().__init__("; ".join(f"{p.place}: {p.found}; {p.fix}" for p in problems))
        self.problems = problems


def read_outline(content: bytes) -> tuple[Outline | None, tuple[OutlineProblem, ...]]:
    """The outline that a GeoJSON file states, or every problem in it (at most MOST_SHOWN of them).

    Asked for: a FeatureCollection (or one Feature, or a bare geometry) of polygons in degrees of WGS 84,
    longitude first, every ring closed and of four positions at least.
    """
    if len(content) > LARGEST:
        found = _("%(size).1f MB") % {"size": len(content) / 1e6}
        fix = _("simplify the outline to %(most).1f MB at most") % {"most": LARGEST / 1e6}
        return None, (OutlineProblem(_("the file"), found, fix),)
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        fix = _("save it as GeoJSON in UTF-8")
        return None, (OutlineProblem(_("the file"), _("not JSON in UTF-8"), fix),)
    reader = _Reader()
    features = reader.features(data)
    if reader.problems:
        return None, tuple(reader.problems[:MOST_SHOWN])
    lon, lat = reader.lon, reader.lat
    geojson = {"type": "FeatureCollection", "features": features}
    return Outline(geojson, min(lon), min(lat), max(lon), max(lat), _review(data)), ()


def _review(data: dict[str, Any]) -> str:
    places = [data, data.get("properties")]
    places += [f.get("properties") for f in data.get("features", []) if isinstance(f, dict)]
    for place in places:
        for name in REVIEW:
            if isinstance(place, dict) and isinstance(place.get(name), str):
                return str(place[name])[:60]
    return ""


class _Reader:
    """Walks the file once and notes every problem by its place."""

    def __init__(self) -> None:
        self.problems: list[OutlineProblem] = []
        self.lon: list[float] = []
        self.lat: list[float] = []

    def bad(self, place: str, found: object, fix: str) -> None:
        self.problems.append(OutlineProblem(place, str(found)[:60], fix))

    def features(self, data: Any) -> list[dict[str, Any]]:
        kind = data.get("type") if isinstance(data, dict) else None
        if kind == "FeatureCollection" and isinstance(data.get("features"), list):
            rows = data["features"]
        elif kind == "Feature":
            rows = [data]
        elif kind in ("Polygon", "MultiPolygon"):
            rows = [{"type": "Feature", "properties": {}, "geometry": data}]
        else:
            self.bad(_("the file"), kind or type(data).__name__, _("give a FeatureCollection of polygons"))
            return []
        if "crs" in data:
            self._reference(data["crs"])
        if not 1 <= len(rows) <= MOST_FEATURES:
            fix = _("give 1 to %(most)s areas") % {"most": MOST_FEATURES}
            self.bad("features", len(rows), fix)
            return []
        return [self._feature(row, f"features[{i}]") for i, row in enumerate(rows)]

    def _reference(self, crs: Any) -> None:
        name = str(crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else crs)
        if not name.endswith(("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")):
            self.bad("crs", name, _("convert it to longitude and latitude in WGS 84 or CGCS2000"))

    def _feature(self, row: Any, place: str) -> dict[str, Any]:
        geometry = row.get("geometry") if isinstance(row, dict) else None
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
            self.bad(f"{place}.geometry", kind or geometry, _("give a Polygon or a MultiPolygon"))
            return {}
        parts = geometry.get("coordinates")
        at = f"{place}.geometry.coordinates"
        polygons = [parts] if kind == "Polygon" else parts
        if not isinstance(polygons, list) or not polygons:
            self.bad(at, polygons, _("give at least one ring"))
            return {}
        for i, rings in enumerate(polygons):
            where = at if kind == "Polygon" else f"{at}[{i}]"
            if not isinstance(rings, list) or not rings:
                self.bad(where, rings, _("give at least one ring"))
                continue
            for j, ring in enumerate(rings):
                self._ring(ring, f"{where}[{j}]")
        given = row.get("properties")
        names = given if isinstance(given, dict) else {}
        name = next((str(names[k]) for k in ("name", "name_zh", "NAME", "名称") if names.get(k)), "")
        return {
            "type": "Feature",
            "properties": {"name": name[:60]},
            "geometry": {"type": kind, "coordinates": parts},
        }

    def _ring(self, ring: Any, place: str) -> None:
        if not isinstance(ring, list) or len(ring) < 4:
            found = len(ring) if isinstance(ring, list) else type(ring).__name__
            self.bad(place, found, _("a ring has four positions at least, the last the same as the first"))
            return
        if len(self.lon) + len(ring) > MOST_POINTS:
            fix = _("simplify the outline to %(most)s positions at most") % {"most": MOST_POINTS}
            self.bad(place, len(self.lon) + len(ring), fix)
            return
        good = [self._position(p, f"{place}[{k}]") for k, p in enumerate(ring)]
        if all(good) and ring[0][:2] != ring[-1][:2]:
            self.bad(place, f"{ring[0][:2]} … {ring[-1][:2]}", _("close the ring: end where it begins"))

    def _position(self, position: Any, place: str) -> bool:
        numbers = (
            isinstance(position, list)
            and len(position) in (2, 3)
            and all(isinstance(v, int | float) and not isinstance(v, bool) for v in position)
            and all(isinstance(v, int) or math.isfinite(v) for v in position)
        )
        if not numbers:
            self.bad(place, position, _("give longitude and latitude as two numbers"))
            return False
        lon, lat = position[:2]
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            self.bad(place, [lon, lat], _("longitude lies between -180 and 180, latitude between -90 and 90"))
            return False
        self.lon.append(float(lon))
        self.lat.append(float(lat))
        return True
