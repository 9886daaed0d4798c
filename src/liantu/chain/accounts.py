"""Circular accounts of a plan: local supply, use of by-products, water, energy, carbon, output value.

Every account is read off the plan's own quantities; each function states its formula, and
docs/formulation.md gathers them.
"""

from __future__ import annotations

from dataclasses import dataclass

from liantu.chain.accounts_energy import (
    Burden,
    Carbon,
    Carrier,
    Energy,
    Water,
    burdens,
    carbon_account,
    energy_account,
    water_account,
)
from liantu.chain.accounts_flows import MaterialBalance, material_balances, read_flows
from liantu.chain.accounts_local import LocalSupply, local_supply
from liantu.chain.accounts_route import Route, RouteStage, chain_routes
from liantu.chain.accounts_value import OutputValue, output_values
from liantu.chain.accounts_waste import SolidWaste, UseRate, solid_waste, use_rates
from liantu.chain.plan import Plan

__all__ = [
    "Accounts", "Burden", "Carbon", "Carrier", "Energy", "Intensity", "LocalSupply", "MaterialBalance",
    "OutputValue", "Route", "RouteStage", "SolidWaste", "UseRate", "Water", "circular_accounts",
]  # fmt: skip


@dataclass(frozen=True)
class Intensity:
    """The city's burdens per 10^4 CNY of gross output, of final output and of value added; None where that
    is not above zero. tce is comprehensive energy, co2 direct, water fresh."""

    basis: str
    value_cny: float
    tce_per_10k_cny: float | None
    co2_t_per_10k_cny: float | None
    water_m3_per_10k_cny: float | None


@dataclass(frozen=True)
class Accounts:
    """The circular accounts of one plan, a year."""

    scenario: str
    local_supply: tuple[LocalSupply, ...]
    use_rates: tuple[UseRate, ...]
    solid_waste: SolidWaste
    water: Water
    energy: Energy
    carbon: Carbon
    intensity: tuple[Intensity, ...]
    burdens: tuple[Burden, ...]
    output: tuple[OutputValue, ...]
    routes: tuple[Route, ...]
    balances: tuple[MaterialBalance, ...]


def circular_accounts(plan: Plan) -> Accounts:
    """All accounts of a plan. The plan is not solved again."""
    flows = read_flows(plan)
    output = output_values(flows)
    water, energy, carbon = water_account(flows), energy_account(flows), carbon_account(flows)
    return Accounts(
        scenario=plan.scenario.name,
        local_supply=local_supply(flows),
        use_rates=use_rates(flows),
        solid_waste=solid_waste(flows),
        water=water,
        energy=energy,
        carbon=carbon,
        intensity=_intensity(output[-1], water, energy, carbon),
        burdens=burdens(flows),
        output=output,
        routes=chain_routes(flows),
        balances=material_balances(flows),
    )


def _intensity(city: OutputValue, water: Water, energy: Energy, carbon: Carbon) -> tuple[Intensity, ...]:
    """Burden x 10^4 / value, for each value."""
    out = []
    for basis, value in (
        ("gross_output", city.output_cny),
        ("final_output", city.final_output_cny),
        ("value_added", city.value_added_cny),
    ):
        per = 1e4 / value if value > 0 else None
        burden = energy.comprehensive_tce, carbon.total_t, water.fresh_m3
        out.append(Intensity(basis, value, *(None if per is None else b * per for b in burden)))
    return tuple(out)
