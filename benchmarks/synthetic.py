"""A synthetic nation: counties, power-law capacities, sparse recipes with recycle loops."""

from __future__ import annotations

import numpy as np
import polars as pl

from liantu.data.inspect import empty_frame
from liantu.data.schema import TABLES
from liantu.data.tables import Tables

FUELS = 8  # materials that carry energy, the lowest in the order


def nation(
    plants: int,
    *,
    tight: bool = True,
    energy: bool = False,
    seed: int = 1,
    counties: int = 3000,
    materials: int = 400,
    recipes: int | None = None,
) -> Tables:
    """Tables of a nation with `plants` plants; `tight` adds two purchase caps that bind and an energy cap
    that does not; with `energy` every material carries some, and the cap is a tenth of what all would use.

    Counties are scattered over 35 x 60 degrees, denser in the east; plants choose counties by a power law.
    Materials are ordered from ore to product; a recipe makes one from two or three below it, and one
    recipe in five also gives back a by-product further down. Freight reaches 300 km.
    """
    rng = np.random.default_rng(seed)
    recipes = materials * 2 if recipes is None else recipes
    price = 100.0 * (1 + np.arange(materials)) ** 0.6 * rng.uniform(0.8, 1.2, materials)
    frames = {name: empty_frame(table) for name, table in TABLES.items()}
    frames["materials"] = _fill(
        frames["materials"],
        id=[f"m{i}" for i in range(materials)],
        unit=["t"] * materials,
        t_per_unit=np.ones(materials),
        transport_mode=["truck"] * materials,
        max_transport_km=np.full(materials, 300.0),
        transport_cost_cny_per_tkm=rng.uniform(0.15, 0.5, materials),
        price_mid_cny=price,
        external_buy=[True] * materials,
        external_sell=[True] * materials,
        import_km=rng.uniform(200, 800, materials),
        export_km=rng.uniform(200, 800, materials),
        disposal_cost_cny_per_unit=rng.uniform(5, 30, materials),
        tce_per_unit=np.where(
            np.arange(materials) < (materials if energy else FUELS), rng.uniform(0.1, 0.9, materials), 0.0
        ),
    )
    frames["processes"], frames["process_flows"] = _recipes(frames, rng, recipes, materials, price)
    lat, lon = _counties(rng, counties)
    county = np.minimum((counties * rng.power(0.5, plants)).astype(int), counties - 1)
    frames["facilities"] = _fill(
        frames["facilities"],
        id=[f"f{i}" for i in range(plants)],
        process_id=[f"r{i}" for i in rng.integers(recipes, size=plants)],
        capacity_per_year=1000 * (1 + rng.pareto(1.2, plants)),
        capacity_unit=["t/y"] * plants,
        status=["operating"] * plants,
        lat=lat[county] + rng.normal(0, 0.05, plants),
        lon=lon[county] + rng.normal(0, 0.05, plants),
    )
    if tight:
        capacity = float(frames["facilities"]["capacity_per_year"].sum())
        frames["resources"] = _fill(
            frames["resources"],
            id=["energy", "m1", "m2"],
            unit=["tce/y", "t/y", "t/y"],
            material_id=[None, "m1", "m2"],
            value=[
                0.1 * _energy(frames) if energy else 0.05 * capacity,
                capacity / materials / 8,
                capacity / materials / 8,
            ],
            constraint_kind=["energy_cap", "buy_cap", "buy_cap"],
        )
    return Tables(frames, name=f"nation-{plants}", title_zh="", title_en="")


def _energy(frames: dict[str, pl.DataFrame]) -> float:
    """tce a year that all plants at capacity would take in."""
    run = frames["facilities"].group_by("process_id").agg(pl.col("capacity_per_year").sum())
    taken = frames["process_flows"].filter(pl.col("direction") == "in").join(run, on="process_id")
    taken = taken.join(frames["materials"], left_on="material_id", right_on="id")
    return float((taken["amount"] * taken["capacity_per_year"] * taken["tce_per_unit"]).sum())


def _fill(frame: pl.DataFrame, **columns: object) -> pl.DataFrame:
    height = len(next(iter(columns.values())))  # type: ignore[arg-type]
    data = {c: columns.get(c, [None] * height) for c in frame.columns}
    return pl.DataFrame(data, schema=frame.schema)


def _recipes(
    frames: dict[str, pl.DataFrame], rng: np.random.Generator, recipes: int, materials: int, price: np.ndarray
) -> tuple[pl.DataFrame, pl.DataFrame]:
    process, line, material, direction, amount, opex = [], [], [], [], [], []
    for p in range(recipes):
        main = int(rng.integers(5, materials))
        inputs = rng.choice(main, size=min(main, int(rng.integers(2, 4))), replace=False)
        share = rng.dirichlet(np.ones(len(inputs))) * rng.uniform(0.5, 0.9) * price[main] / price[inputs]
        rows = [(main, "out", 1.0)] + [(int(m), "in", float(s)) for m, s in zip(inputs, share, strict=True)]
        if rng.random() < 0.2:
            back = int(rng.integers(0, materials))
            if back != main and back not in inputs:
                rows.append((back, "out", float(0.1 * price[main] / price[back])))
        for k, (m, way, value) in enumerate(rows, start=1):
            process.append(f"r{p}")
            line.append(float(k))
            material.append(f"m{m}")
            direction.append(way)
            amount.append(value)
        opex.append((p, main, 0.1 * price[main] * rng.uniform(0.2, 1.5)))
    n = len(process)
    flows = _fill(
        frames["process_flows"],
        process_id=process,
        line=line,
        material_id=material,
        direction=direction,
        amount=amount,
        unit=["t"] * n,
        role=["feed"] * n,
    )
    table = _fill(
        frames["processes"],
        id=[f"r{p}" for p, _, _ in opex],
        reference_unit=["t"] * recipes,
        reference_product=[f"m{m}" for _, m, _ in opex],
        other_opex_cny_per_unit=[v for _, _, v in opex],
    )
    return table, flows


def _counties(rng: np.random.Generator, counties: int) -> tuple[np.ndarray, np.ndarray]:
    return rng.uniform(20, 45, counties), 80 + 45 * rng.power(2.0, counties)
