"""Rooms: how much more land, water, energy and emission a choice of candidates may take.

Water, energy and CO2 count for the whole city, so that what a candidate sets off upstream and
downstream counts too: the city may take at most what the plan without candidates takes, plus the room.
They become city caps of the model. Land and capital count the candidates that are chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from liantu.chain.accounts_counters import is_emitted_co2, is_water
from liantu.chain.caps import cap_weights
from liantu.chain.keys import CAP, CapRow, extend_rows
from liantu.chain.model import Model
from liantu.chain.network import Cap, Floats
from liantu.errors import InputError, Problem

ROOM_NAMES = {
    "water_m3": ("room:water", "m3/y", "新水余量", "Room for fresh water"),
    "energy_tce": ("room:energy", "tce/y", "能耗余量", "Room for purchased energy"),
    "co2_t": ("room:co2", "t/y", "二氧化碳排放余量", "Room for direct CO2"),
}


@dataclass(frozen=True)
class Room:
    """What a choice may take; None leaves what the city caps leave.

    capital_cny: CNY to invest. land_ha: ha for the chosen. water_m3: fresh water bought, energy_tce:
    tonnes of coal equivalent bought, co2_t: t of direct CO2; these three a year, above the plan
    without candidates. A room below zero demands a saving; capital and land may not be below zero.
    """

    capital_cny: float | None = None
    land_ha: float | None = None
    water_m3: float | None = None
    energy_tce: float | None = None
    co2_t: float | None = None

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the figures: not a finite number, or capital or land below zero."""
        out = []
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value is not None and (
                not np.isfinite(value) or (value < 0 and name in ("capital_cny", "land_ha"))
            ):
                least = (
                    "a finite number of at least 0"
                    if name in ("capital_cny", "land_ha")
                    else "a finite number"
                )
                out.append(
                    Problem("room", None, name, "bad_room", str(value), least, "Correct it, or leave it out.")
                )
        return tuple(out)


def with_rooms(model: Model, room: Room, base: Floats) -> Model:
    """The model with a cap for each of water, energy and CO2 that `room` limits.

    base (C,): the plan without candidates, from which the room is counted. Raises InputError where the
    room names water or CO2 and no material of the city is water or emitted CO2.
    """
    weights: list[sparse.csr_matrix] = []
    caps: list[CapRow] = []
    problems = list(room.problems())
    for field, (name, unit, zh, en) in ROOM_NAMES.items():
        value = getattr(room, field)
        if value is None:
            continue
        weight = _weight(model, field)
        if weight is None:
            problems.append(
                Problem("materials.csv", None, "formula", "room_without_material", field,
                        "a material with formula H2O that may be bought, or emitted CO2",
                        "Give the formula of the material, or leave the room out.")
            )  # fmt: skip
            continue
        used = float(weight @ base)
        limit = used + value
        if limit < 0:
            problems.append(
                Problem("room", None, field, "bad_room", str(value), f"at least {-used:g}: all of it",
                        "Demand a smaller saving.")
            )  # fmt: skip
        row = len(model.rows.kind) + len(weights)
        caps.append(CapRow(name, _KINDS[field], -1, limit, unit, zh, en, row))
        weights.append(sparse.csr_matrix(weight))
    if problems:
        raise InputError(problems)
    if not caps:
        return model
    limits = np.array([cap.limit for cap in caps])
    at = np.arange(len(model.caps), len(model.caps) + len(caps), dtype=np.int64)
    return replace(
        model,
        matrix=sparse.vstack([model.matrix, *weights], format="csc"),
        row_lower=np.concatenate([model.row_lower, np.full(len(caps), -np.inf)]),
        row_upper=np.concatenate([model.row_upper, limits]),
        rows=extend_rows(model.rows, CAP, [f"cap:{cap.id}" for cap in caps], cap=at),
        caps=(*model.caps, *caps),
    )


_KINDS = {"water_m3": "buy", "energy_tce": "energy", "co2_t": "dump"}


def _weight(model: Model, field: str) -> Floats | None:
    """(C,) with which each column counts against the room; None where the city has no such material."""
    n = model.network
    if field == "energy_tce":
        return cap_weights(_cap("energy", -1), 0.0, n, model.plants, model.columns)
    chosen = is_water(n) & n.materials.buyable if field == "water_m3" else is_emitted_co2(n)
    at = np.flatnonzero(chosen)
    if not len(at):
        return None
    kind = _KINDS[field]
    parts = [
        n.materials.t_per_unit[m] * cap_weights(_cap(kind, int(m)), 0.0, n, model.plants, model.columns)
        for m in at
    ]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)


def _cap(kind: str, material: int) -> Cap:
    return Cap("", kind, material, 0.0, "", "", "")
