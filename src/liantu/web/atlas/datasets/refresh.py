"""How often a figure has to be confirmed, as data: days by table and column."""

from __future__ import annotations

from types import MappingProxyType

from liantu.web.atlas.models import RefreshInterval

INTERVALS = MappingProxyType(
    {
        ("materials", "price_low_cny"): 30,
        ("materials", "price_mid_cny"): 30,
        ("materials", "price_high_cny"): 30,
        ("materials", "disposal_cost_cny_per_unit"): 180,
        ("materials", "external_buy_cap_per_year"): 365,
        ("materials", "external_sell_cap_per_year"): 365,
        ("processes", "other_opex_cny_per_unit"): 365,
        ("process_flows", "amount"): 730,
        ("facilities", "status"): 90,
        ("facilities", "capacity_per_year"): 365,
        ("candidates", "capex_cny_per_unit_year"): 365,
        ("resources", "value"): 365,
        ("demands", "quantity_per_year"): 180,
    }
)
"""What holds until somebody sets another interval."""


def intervals() -> dict[tuple[str, str], int]:
    """Days by (table, column) of every column that is watched."""
    own = {(i.table, i.column): i.days for i in RefreshInterval.objects.all()}
    return {place: days for place, days in ({**INTERVALS, **own}).items() if days}


def by_table() -> dict[str, dict[str, int]]:
    """The same by table: {column: days}."""
    found: dict[str, dict[str, int]] = {}
    for (table, column), days in intervals().items():
        found.setdefault(table, {})[column] = days
    return found
