"""The choice of candidates as one mixed-integer programme on top of the model.

Columns: those of the model, then for each candidate q_c (size as a fraction of its full scale), then
z_c (built or not). The equations are in docs/formulation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from liantu.chain.keys import SHARED
from liantu.chain.model import Model
from liantu.chain.network import Bools, Floats, Ints, Network
from liantu.chain.portfolio_bounds import needs_one_of, reachable_activity
from liantu.chain.scenario import Settings
from liantu.chain.solve import Program

SCALE = 1e-4  # of the objective: yearly values of 1e10 CNY are beyond the solver's tolerances


@dataclass(frozen=True)
class Choices:
    """The candidates that are open to choice, arrays of length N; figures at full scale.

    smallest: least size as a fraction of full scale; 1 = all or nothing. reach: most that the plant
    could run, <= scale.
    """

    plant: Ints
    position: Ints  # in Model.plants
    scale: Floats
    smallest: Floats
    capital: Floats
    land: Floats
    jobs: Floats
    reach: Floats
    charge_rate: float

    @property
    def sized(self) -> Bools:
        """Which may be built smaller than full scale."""
        return self.smallest < 1.0


@dataclass(frozen=True)
class Cut:
    """A set that may not come again: at least `distance` candidates must differ from `built` (N,)."""

    built: Bools
    distance: int = 1


@dataclass(frozen=True)
class Limits:
    """Bounds on what is chosen, besides the model's caps: CNY, and (ha, members (N,)) of each land bound."""

    capital: float | None
    land: tuple[tuple[float, Bools], ...]


def list_choices(network: Network, settings: Settings, model: Model) -> Choices:
    """The candidates with columns in `model` that the scenario does not build already.

    A candidate whose capacity the scenario overrides has that scale, and the capital, land and jobs that
    go with it.
    """
    p = network.plants
    at = np.flatnonzero(p.is_candidate[model.plants] & ~settings.open[model.plants]).astype(np.int64)
    plant = model.plants[at]
    scale, typical = settings.capacity[plant], p.capacity[plant]
    with np.errstate(divide="ignore", invalid="ignore"):
        smallest = np.where(scale > 0, np.clip(p.min_scale[plant] / scale, 0.0, 1.0), 1.0)
        size = np.where(typical > 0, scale / typical, 1.0)
    everything = model.capacity.copy()
    everything[at] = scale
    return Choices(
        plant=plant,
        position=at,
        scale=scale,
        smallest=smallest,
        capital=settings.capital[plant],
        land=settings.land[plant],
        jobs=p.jobs[plant] * size,
        reach=np.minimum(reachable_activity(model, everything)[at], _host_room(model, at, everything)),
        charge_rate=settings.charge_rate,
    )


def _host_room(model: Model, at: Ints, capacity: Floats) -> Floats:
    """(N,) capacity of the host that each candidate runs inside; inf where it has none."""
    where = {int(f): k for k, f in enumerate(model.plants)}
    hosts = model.network.plants.host[model.plants[at]].tolist()
    return np.array([np.inf if h < 0 else capacity[where[h]] if h in where else 0.0 for h in hosts])


def choice_program(model: Model, choices: Choices, limits: Limits, cuts: Sequence[Cut] = ()) -> Program:
    """The programme: maximise the plan's value less capital charges, in SCALE x CNY a year.

    x_c <= scale_c q_c,  x_c <= reach_c z_c,  smallest_c z_c <= q_c <= z_c; a retrofit's host, where it
    is itself a candidate, offers scale q; at least one of those that a candidate needs is built with it.
    """
    n_columns, n = len(model.objective), len(choices.plant)
    rows = _Rows(n_columns, n)
    _build_rows(rows, choices)
    for members in _needed(model, choices):
        rows.add({}, {}, members, 0.0)
    if limits.capital is not None:
        rows.add({}, dict(enumerate(choices.capital)), {}, limits.capital)
    for limit, inside in limits.land:
        rows.add({}, {c: choices.land[c] for c in np.flatnonzero(inside).tolist()}, {}, limit)
    for cut in cuts:
        sign = np.where(cut.built, 1.0, -1.0)
        rows.add({}, {}, dict(enumerate(sign)), float(cut.built.sum()) - cut.distance)
    upper = model.column_upper.copy()
    upper[choices.position] = choices.reach
    matrix = sparse.vstack([_with_hosts(model, choices), rows.matrix()], format="csc")
    built = np.ones(2 * n)
    return Program(
        matrix=matrix,
        objective=SCALE
        * np.concatenate([model.objective, -choices.charge_rate * choices.capital, np.zeros(n)]),
        row_lower=np.concatenate([model.row_lower, np.full(len(rows.upper), -np.inf)]),
        row_upper=np.concatenate([model.row_upper, np.array(rows.upper)]),
        lower=np.zeros(n_columns + 2 * n),
        upper=np.concatenate([upper, built]),
        integer=np.concatenate([np.zeros(n_columns + n, dtype=bool), np.ones(n, dtype=bool)]),
    )


class _Rows:
    """Rows `activities + sizes + builts <= upper`, gathered one by one."""

    def __init__(self, n_columns: int, n: int) -> None:
        self.shape = n_columns, n
        self.entries: list[tuple[int, int, float]] = []
        self.upper: list[float] = []

    def add(
        self,
        activity: Mapping[int, float],
        size: Mapping[int, float],
        built: Mapping[int, float],
        upper: float,
    ) -> None:
        row, (m, n) = len(self.upper), self.shape
        for offset, part in ((0, activity), (m, size), (m + n, built)):
            self.entries += [(row, offset + j, float(v)) for j, v in part.items() if v != 0]
        self.upper.append(upper)

    def matrix(self) -> sparse.csr_matrix:
        m, n = self.shape
        row = np.array([e[0] for e in self.entries], dtype=np.int64)
        col = np.array([e[1] for e in self.entries], dtype=np.int64)
        value = np.array([e[2] for e in self.entries], dtype=np.float64)
        return sparse.csr_matrix((value, (row, col)), (len(self.upper), m + 2 * n))


def _build_rows(rows: _Rows, choices: Choices) -> None:
    for c, k in enumerate(choices.position.tolist()):
        if choices.sized[c]:
            rows.add({k: 1.0}, {c: -choices.scale[c]}, {}, 0.0)
        rows.add({k: 1.0}, {}, {c: -choices.reach[c]}, 0.0)
        rows.add({}, {c: -1.0}, {c: choices.smallest[c]}, 0.0)
        rows.add({}, {c: 1.0}, {c: -1.0}, 0.0)


def _needed(model: Model, choices: Choices) -> list[dict[int, float]]:
    """Rows z_c - sum of z over those it needs <= 0, where no standing plant serves it."""
    at = {int(k): c for c, k in enumerate(choices.position)}
    hosts = set(model.network.plants.host[model.plants].tolist())
    out = []
    for k, sets in needs_one_of(model, choices.position).items():
        if int(model.plants[k]) in hosts:
            continue  # worth building for its retrofit alone
        for found in sets:
            if all(j in at for j in found):
                out.append({at[k]: 1.0, **{at[j]: -1.0 for j in found}})
    by_plant = {int(f): c for c, f in enumerate(choices.plant)}
    for c, f in enumerate(choices.plant):
        host = by_plant.get(int(model.network.plants.host[f]))
        if host is not None:
            out.append({c: 1.0, host: -1.0})
    return out


def _with_hosts(model: Model, choices: Choices) -> sparse.csr_matrix:
    """The model's matrix, widened by the choice columns; a candidate host offers scale x q to its row."""
    n = len(choices.plant)
    at = {int(f): c for c, f in enumerate(choices.plant)}
    rows = [i for i in np.flatnonzero(model.rows.kind == SHARED) if int(model.rows.plant[i]) in at]
    shared = np.array(rows, dtype=np.int64)
    host = np.array([at[int(model.rows.plant[i])] for i in rows], dtype=np.int64)
    extra = sparse.csr_matrix((-choices.scale[host], (shared, host)), (len(model.row_upper), 2 * n))
    return sparse.csr_matrix(sparse.hstack([model.matrix, extra]))
