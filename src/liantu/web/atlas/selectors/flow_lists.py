"""The flows of the map's filter as a list."""

from __future__ import annotations

import math

from django.http import QueryDict

from liantu.chain.gap_report import GapReport
from liantu.web.atlas.chainmap.graph import select
from liantu.web.atlas.chainmap.parts import Filter, Flow
from liantu.web.atlas.city import City
from liantu.web.atlas.templatetags.city import place_name
from liantu.web.kit.listing import Listing, listing


def flow_list(get: QueryDict, city: City, wanted: Filter, report: GapReport | None) -> Listing[Flow]:
    """One page of the flows, searched by material and plant, sorted as the address asks."""
    keys = {
        "material": lambda f: str(f.material),
        "from": lambda f: place_name(f.source),
        "to": lambda f: place_name(f.target),
        "tonnes": lambda f: f.tonnes,
        "energy": lambda f: f.tce,
        "value": lambda f: f.value,
        "km": lambda f: f.km,
        "freight": lambda f: -math.inf if math.isnan(f.freight) else f.freight,
    }

    def words(f: Flow) -> str:
        return (
            f"{f.material.both} {place_name(f.source)} {place_name(f.target)} {f.source} {f.target}".lower()
        )

    default = {"value": "-value", "quantity": "-tonnes", "energy": "-energy"}[wanted.by]
    return listing(get, select(city, wanted, report).flows, keys, words, default)
