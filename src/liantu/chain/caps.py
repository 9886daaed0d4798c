"""City caps as rows of the model: what counts against each, and with which weight."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from liantu.chain.keys import ACTIVITY, BUY, CAP, DUMP, SELL, CapRow, Columns, Rows, extend_rows
from liantu.chain.network import Bools, Cap, Floats, Ints, Network
from liantu.chain.scenario import Settings
from liantu.errors import InputError, Problem


def build_caps(
    network: Network, settings: Settings, plants: Ints, columns: Columns, rows: Rows
) -> tuple[sparse.csr_matrix, Floats, tuple[CapRow, ...], Rows]:
    """Rows (K, C) of the caps, their limits (K,), the caps, and the row keys extended by them.

    A share s of material m reads  s x (used) - (made by dispatchable plants) - (bought) <= 0.
    A dump cap counts what is dumped of the material, what recipes vent of it, and what other
    materials become of it when they are dumped (`emits_as`).
    """
    weights: list[sparse.csr_matrix] = []
    limits: list[float] = []
    caps: list[CapRow] = []
    n, first = len(columns.kind), len(rows.kind)
    for cap in network.caps:
        limit = settings.cap_limit.get(cap.id, cap.limit)
        if cap.kind == "land":
            fixed = _land_taken(cap, network, settings)
            row = -1
        else:
            weight = cap_weights(cap, limit, network, plants, columns)
            fixed, row = 0.0, first + len(weights)
            weights.append(sparse.csr_matrix(weight))
            limits.append(0.0 if cap.kind == "share" else limit)
        names = cap.name_zh, cap.name_en
        caps.append(CapRow(cap.id, cap.kind, cap.material, limit, cap.unit, *names, row, fixed))
    matrix = sparse.vstack(weights, format="csr") if weights else sparse.csr_matrix((0, n))
    index = np.array([k for k, c in enumerate(caps) if c.row >= 0], dtype=np.int64)
    material = np.array([caps[k].material for k in index], dtype=np.int64)
    places = [f"cap:{caps[k].id}" for k in index]
    return matrix, np.array(limits), tuple(caps), extend_rows(rows, CAP, places, material=material, cap=index)


def _land_taken(cap: Cap, network: Network, settings: Settings) -> float:
    """ha of the candidates that are built, within the cap's scope."""
    built = settings.open & network.plants.is_candidate
    inside = [cap.scope is None or f in cap.scope for f in range(len(built))]
    return float(settings.land[built & np.array(inside, dtype=bool)].sum())


def cap_weights(cap: Cap, limit: float, network: Network, plants: Ints, columns: Columns) -> Floats:
    """Weight (C,) with which each column counts against `cap`."""
    weight = np.zeros(len(columns.kind))
    inside = _in_scope(cap, network, plants, columns)
    if cap.kind in ("buy", "sell"):
        kind = BUY if cap.kind == "buy" else SELL
        weight[(columns.kind == kind) & (columns.material == cap.material) & inside] = 1.0
    elif cap.kind == "energy":
        bought = (columns.kind == BUY) & inside
        weight[bought] = network.materials.tce_per_unit[columns.material[bought]]
    elif cap.kind == "dump":
        per_unit = becomes(network, cap.material)
        dumped = (columns.kind == DUMP) & inside
        weight[dumped] = per_unit[columns.material[dumped]]
        recipe = network.plants.recipe[plants]
        vented = np.asarray(network.recipes.emission[recipe] @ per_unit)
        weight[: len(plants)] = np.where(inside[: len(plants)], vented, 0.0)
    elif cap.kind == "share":
        recipe = network.plants.recipe[plants]
        net = network.recipes.flow[recipe][:, [cap.material]].toarray().ravel()
        steady = np.where(network.recipes.dispatchable[recipe], np.maximum(net, 0.0), 0.0)
        activity = columns.kind == ACTIVITY
        weight[activity] = limit * np.maximum(-net, 0.0) - steady
        weight[(columns.kind == BUY) & (columns.material == cap.material)] = -1.0
    return weight


def becomes(network: Network, material: int) -> Floats:
    """(M,) units of `material` that reach the environment per unit dumped of each material."""
    per_unit = np.where(network.materials.emits_as == material, network.materials.emits_per_unit, 0.0)
    per_unit[material] = 1.0
    return per_unit


def _in_scope(cap: Cap, network: Network, plants: Ints, columns: Columns) -> Bools:
    """(C,) columns of plants inside the cap's scope; a pooled crossing belongs to no plant."""
    if cap.scope is None:
        return np.ones(len(columns.kind), dtype=bool)
    if cap.kind in ("buy", "sell") and network.materials.pool[cap.material]:
        raise InputError(
            (
                Problem(
                    "resources.csv",
                    None,
                    "applies_to",
                    "scope_on_pool",
                    cap.id,
                    "a material that is not pooled",
                    "Clear applies_to, or clear the material's pool.",
                ),
            )
        )
    return np.isin(columns.plant, np.array(sorted(cap.scope), dtype=np.int64))
