"""Confidence: from the trust in a rule to how often it was right on texts that no rule was made for."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def reliability() -> dict[str, tuple[list[float], list[float]]]:
    """Field -> levels of trust in ascending order, and the share that was right from each level on.

    Measured by benchmarks/reading/calibrate.py; a field without a line keeps its trust.
    """
    text = resources.files("liantu.reading").joinpath("lexicon", "reliability.tsv").read_text("utf-8")
    table: dict[str, tuple[list[float], list[float]]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, level, share = line.split("\t")[:3]
            levels, shares = table.setdefault(name, ([], []))
            levels.append(float(level))
            shares.append(float(share))
    return table


def confidence(name: str, trust: float) -> float:
    """The share of fields set with this trust that is right."""
    levels, shares = reliability().get(name, ([], []))
    return shares[max(0, bisect_right(levels, trust + 1e-9) - 1)] if levels else trust
