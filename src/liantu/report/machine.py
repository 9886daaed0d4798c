"""JSON: one envelope for every command, numbers unrounded, inf and nan as null."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from liantu.chain.network import Network
from liantu.chain.scenario import Scenario
from liantu.data.tables import Tables

VERSION = 1
"""Of every schema: raised when a field is removed or changes its meaning, not when one is added."""


def envelope(command: str, tables: Tables | None, scenario: Scenario | None = None) -> dict[str, Any]:
    """The head of every output: schema, dataset with its digest, scenario."""
    out: dict[str, Any] = {"schema": f"liantu/{command}/{VERSION}", "dataset": dataset(tables)}
    if scenario is not None:
        out["scenario"] = scenario_json(scenario, tables)
    return out


def dataset(tables: Tables | None) -> dict[str, Any] | None:
    """Name, titles and digest of the tables; null where they could not be read."""
    if tables is None:
        return None
    return {
        "name": tables.name,
        "title_zh": tables.title_zh,
        "title_en": tables.title_en,
        "digest": tables.digest,
    }


def scenario_json(scenario: Scenario, tables: Tables | None = None) -> dict[str, Any]:
    """The overrides that are set; a demand names its material."""
    out = dict(scenario.as_dict())
    if scenario.demands and tables is not None:
        ids = tables["materials"]["id"]
        out["demands"] = [{**plain(d), "material": ids[d.material]} for d in scenario.demands]
    return {key: plain(value) for key, value in out.items()}


def plain(value: Any) -> Any:
    """A value as JSON has it: dataclasses as objects, arrays as lists, inf and nan as null."""
    if isinstance(value, Network):
        raise TypeError("a network is no result")
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Path):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return [plain(item) for item in sorted(value)]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    raise TypeError(f"no JSON for {type(value).__name__}")


def dumps(document: Mapping[str, Any]) -> str:
    """The document as text, two spaces a level, Chinese as it is written."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
