"""Prices of several emissions: a scenario changes the one that it names, and carbon is not sulfur."""

from __future__ import annotations

import pytest

from liantu.chain.network import Network
from liantu.chain.network_build import build_network
from liantu.chain.scenario import Scenario, apply_scenario
from tests.chain.acid_town import acid_town, material


def town(carbon: str = "CO2") -> Network:
    gases = [material("co2", formula=carbon), material("so2", formula="SO2")]
    rows = [
        {"id": name, "unit": "CNY/t", "value": value, "material_id": m, "constraint_kind": "price"}
        for name, m, value in (("carbon", "co2", 50.0), ("levy", "co2", 5.0), ("sulfur", "so2", 1200.0))
    ]
    materials = [*acid_town()["materials"].to_dicts(), *gases]
    return build_network(acid_town(materials=materials, resources=rows))


def prices(network: Network, scenario: Scenario) -> dict[str, float]:
    return {
        network.materials.id[m]: value
        for m, value in apply_scenario(network, scenario).emission_price.items()
    }


@pytest.mark.parametrize("carbon", ["CO2", ""])
def test_a_carbon_price_leaves_the_price_of_sulfur_alone(carbon: str) -> None:
    network = town(carbon)
    assert prices(network, Scenario()) == {"co2": 55.0, "so2": 1200.0}
    assert prices(network, Scenario(carbon_price=80.0)) == {"co2": 80.0, "so2": 1200.0}


def test_a_price_is_overridden_by_its_own_name() -> None:
    network = town()
    assert prices(network, Scenario(caps={"carbon": 10.0})) == {"co2": 15.0, "so2": 1200.0}
    assert prices(network, Scenario(caps={"sulfur": 900.0})) == {"co2": 55.0, "so2": 900.0}
    both = Scenario(caps={"carbon": 10.0}, carbon_price=80.0)
    assert prices(network, both) == {"co2": 15.0, "so2": 1200.0}
