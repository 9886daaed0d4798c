"""Stages of a chain: upstream, midstream, downstream, as the tables declare them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from liantu.chain.network import Network

STAGES = ("upstream", "midstream", "downstream")
DELIVERED = "delivered"  # a committed demand stands behind every stage
UNKNOWN = ""
ORDER = (*STAGES, UNKNOWN, DELIVERED)
TITLES = {
    "upstream": _("Upstream"),
    "midstream": _("Midstream"),
    "downstream": _("Downstream"),
    UNKNOWN: _("Stage not stated"),
    DELIVERED: _("Committed demand"),
}


def stage_of(network: Network, chain: str, recipe: str) -> str:
    """The stage of a recipe in its chain, or in the one chain that names it; '' where none is declared."""
    own = network.stages.get((chain, "process", recipe))
    if own is not None:
        return own
    found = {
        stage for (_, kind, item), stage in network.stages.items() if kind == "process" and item == recipe
    }
    return found.pop() if len(found) == 1 else UNKNOWN


def bands(stages: Sequence[str]) -> list[int]:
    """The stages as numbers from 0, without holes, in the order of the flow; what is not known comes last
    but for the demands."""
    place = {stage: i for i, stage in enumerate(ORDER)}
    known = sorted({place.get(stage, place[UNKNOWN]) for stage in stages})
    return [known.index(place.get(stage, place[UNKNOWN])) for stage in stages]
