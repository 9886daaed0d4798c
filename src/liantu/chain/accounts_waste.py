"""Use of by-products and wastes 综合利用率, and the solid waste of the city."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.chain.accounts_counters import holds_rock, is_by_product, is_sink, is_solid_waste
from liantu.chain.accounts_flows import Flows


@dataclass(frozen=True)
class UseRate:
    """A by-product or waste over the whole city, a year, in its unit.

    made = used + sold + dumped, where used counts only what the city made of it; bought is taken in
    from outside besides. use_rate = (used + sold) / made; solid says that it counts as solid waste.
    """

    material: str
    kind: str
    unit: str
    solid: bool
    made: float
    used: float
    sold: float
    dumped: float
    bought: float
    use_rate: float


@dataclass(frozen=True)
class SolidWaste:
    """Solid waste of the city, t a year.

    made = used + sold + dumped; taken_in is bought from outside or won back from old stacks, and used.
    use_rate = (used + sold) / made; comprehensive_rate = (used + sold + taken_in) / (made + taken_in).
    placed: filled in where it arises (backfill underground), in none of the other figures.
    """

    made_t: float
    used_t: float
    sold_t: float
    dumped_t: float
    taken_in_t: float
    placed_t: float
    use_rate: float | None
    comprehensive_rate: float | None


def use_rates(flows: Flows) -> tuple[UseRate, ...]:
    """The use rate of each by-product and waste that is made, largest amount dumped (in t) first.

        use rate = (used in the city + sold) / made = 1 - dumped / made

    Kinds byproduct and waste of the tables; not emissions, and not what stays where it arises
    (`accounts_counters`). Mass that no plant makes as a material of its own is not seen.
    """
    m = flows.plan.network.materials
    solid = is_solid_waste(flows.plan.network)
    made = flows.total_made
    out = []
    for i in np.flatnonzero(is_by_product(flows.plan.network) & (made > 0)):
        total, sold, dumped = float(made[i]), float(flows.sold[i]), float(flows.dumped[i])
        used = max(total - sold - dumped, 0.0)
        rate = (total - dumped) / total
        out.append(
            UseRate(
                m.id[i],
                m.kind[i],
                m.unit[i],
                bool(solid[i]),
                total,
                used,
                sold,
                dumped,
                float(flows.bought[i]),
                rate,
            )
        )
    tonnes = dict(zip(m.id, m.t_per_unit, strict=True))
    return tuple(sorted(out, key=lambda u: (-u.dumped * tonnes[u.material], u.material)))


def solid_waste(flows: Flows) -> SolidWaste:
    """Solid waste in t a year, and how much of it is used.

        use rate            = (used + sold) / made
        comprehensive rate  = (used + sold + taken in) / (made + taken in)

    The second is the rate of Chinese statistics (一般工业固体废物综合利用率: use of the year and of old
    stacks over what arises and what is taken from old stacks), with what is bought in as the stock.
    Counted is what kind *waste* says and is solid; by-products of kind *byproduct* are goods.
    """
    n = flows.plan.network
    m = n.materials
    at = is_solid_waste(n)
    tonnes = np.where(at, m.t_per_unit, 0.0)
    made, sold, dumped = (float(tonnes @ v) for v in (flows.total_made, flows.sold, flows.dumped))
    taken = float(tonnes @ np.minimum(flows.bought, flows.total_used))
    used = max(made - sold - dumped, 0.0)
    fill = is_sink(n) & (m.disposal_cost >= 0) & holds_rock(n)
    return SolidWaste(
        made_t=made,
        used_t=used,
        sold_t=sold,
        dumped_t=dumped,
        taken_in_t=taken,
        placed_t=float(np.where(fill, m.t_per_unit, 0.0) @ flows.dumped),
        use_rate=(used + sold) / made if made > 0 else None,
        comprehensive_rate=(used + sold + taken) / (made + taken) if made + taken > 0 else None,
    )
