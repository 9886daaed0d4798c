"""What is recognised by its nature and not by its name: water, carbon dioxide, by-products, solid waste."""

from __future__ import annotations

import numpy as np

from liantu.chain.network import Bools, Floats, Network
from liantu.data.composition import CompositionError, parse_formula

WATER, CARBON_DIOXIDE = {"H": 2.0, "O": 1.0}, {"C": 1.0, "O": 2.0}
WASTE_KINDS = ("waste", "byproduct")
FLUID_LINKS = ("pipe", "grid")


def is_water(network: Network) -> Bools:
    """(M,) water as such: formula H2O, and no energy carrier (which steam is). 1 m3 counts as 1 t."""
    m = network.materials
    water: Bools = np.array([_atoms(f) == WATER for f in m.formula], dtype=bool)
    return np.asarray(water & (m.tce_per_unit == 0), dtype=bool)


def is_emitted_co2(network: Network) -> Bools:
    """(M,) what counts carbon dioxide in the air: formula CO2, vented by a recipe, named by another
    material as what it becomes when dumped, or priced as an emission. A CO2 stream that is merely
    captured is not; it counts once it is dumped, through `emits_as`."""
    m = network.materials
    carbon = np.array([_atoms(f) == CARBON_DIOXIDE for f in m.formula], dtype=bool)
    reached = np.asarray(network.recipes.emission.sum(axis=0)).ravel() > 0
    reached[m.emits_as[m.emits_as >= 0]] = True
    reached[list(network.emission_price)] = True
    return carbon & reached & (m.emits_as < 0)


def becomes_co2(network: Network) -> Floats:
    """(M,) t of CO2 in the air per unit of each material that is vented or dumped."""
    m = network.materials
    own = np.where(is_emitted_co2(network), m.t_per_unit, 0.0)
    later = np.where(m.emits_as >= 0, m.emits_per_unit * own[np.maximum(m.emits_as, 0)], 0.0)
    return np.asarray(own + later, dtype=np.float64)


def is_by_product(network: Network) -> Bools:
    """(M,) materials of kind byproduct or waste that can leave the place where they arise: emission
    counters and fill placed underground (transport *none*) are sinks, not by-products."""
    m = network.materials
    kind = np.array([k in WASTE_KINDS for k in m.kind], dtype=bool)
    return kind & ~is_sink(network) & ~is_emitted_co2(network)


def is_sink(network: Network) -> Bools:
    """(M,) materials that stay where they arise: transport *none*, neither bought nor sold."""
    m = network.materials
    return np.array([link == "none" for link in m.link], dtype=bool) & ~m.buyable & ~m.sellable


def is_solid_waste(network: Network) -> Bools:
    """(M,) waste with mass that moves by road, rail or conveyor, or that may be stacked.

    Gases, brines and waste water move by pipe. A slurry of solids in a pipe (tailings) is solid waste:
    its composition holds silicon, as rock does and no gas or brine.
    """
    m = network.materials
    waste = np.array([k == "waste" for k in m.kind], dtype=bool) & ~is_sink(network) & (m.t_per_unit > 0)
    fluid = np.array([link in FLUID_LINKS for link in m.link], dtype=bool)
    return np.asarray(waste & (~fluid | holds_rock(network)) & ~m.free_source, dtype=bool)


def holds_rock(network: Network) -> Bools:
    """(M,) materials with silicon in their composition."""
    m = network.materials
    if "Si" not in m.elements:
        return np.zeros(len(m.id), dtype=bool)
    return np.asarray(m.composition[:, [m.elements.index("Si")]].toarray().ravel() > 0)


def _atoms(formula: str) -> dict[str, float]:
    """Atoms of a formula; none where it is blank or not a formula."""
    try:
        return parse_formula(formula) if formula else {}
    except CompositionError:
        return {}
