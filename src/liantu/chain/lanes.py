"""The ways of carrying a material: what each costs over a distance, and how far it reaches."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
WHOLE_EARTH_KM = 20_038.0  # half the circumference: no two places are farther apart


class Lane(NamedTuple):
    """One way to carry a material: CNY per unit and km, how far it may go in km, CNY per unit to load, and
    its kind of link (pipe, site, conveyor, grid, road, rail).

    A hazard class acts through the lanes: what may not go by road has its pipe alone, with the pipe's range.
    """

    rate: float
    reach: float
    fixed: float = 0.0
    link: str = ""


Lanes = tuple[Lane, ...]


def carry(lanes: Lanes, km: Floats, slack: float = 0.0) -> Floats:
    """CNY per unit over distances (any shape) by the cheapest lane that reaches; inf where none does.

    It never falls with distance: every lane's cost rises, and fewer lanes reach. `slack` km widens reaches.
    """
    out = np.full(np.shape(km), np.inf)
    for lane in lanes:
        out = np.minimum(out, np.where(km <= lane.reach + slack, lane.fixed + lane.rate * km, np.inf))
    return out


def chosen_lane(lanes: Lanes, km: float) -> Lane:
    """The lane that `carry` takes: the first of the cheapest that reach, the first of all where none does."""
    reaching = [lane for lane in lanes if km <= lane.reach] or list(lanes[:1])
    return min(reaching, key=lambda lane: lane.fixed + lane.rate * km)
