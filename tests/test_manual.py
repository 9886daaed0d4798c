"""The manual's page on Jinchang says what the plan says, in both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from liantu.chain.network_build import build_network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.scenario import Scenario
from liantu.data.tables import read_tables

ROOT = Path(__file__).parents[1]


@cache
def plan(level: str = "mid") -> Plan:
    return make_plan(build_network(read_tables(ROOT / "examples/jinchang")), Scenario(price_level=level))


def price(material: str, place: str) -> float:
    [found] = [p for p in plan().prices if (p.material, p.place) == (material, place)]
    assert found.high - found.low <= 1e-6 * (1 + abs(found.low))
    return found.low


def shipped(material: str, source: str, target: str) -> float:
    return sum(
        s.quantity for s in plan().shipments if (s.material, s.source, s.target) == (material, source, target)
    )


def crossed(material: str, kind: str) -> float:
    return sum(c.quantity for c in plan().crossings if (c.material, c.kind) == (material, kind))


def load(plant: str, level: str = "mid") -> float:
    return next(p.load for p in plan(level).plants if p.id == plant)


def cap(name: str) -> tuple[float, float]:
    return next((c.price_low, c.price_high) for c in plan().caps if c.id == name)


def kt(quantity: float) -> tuple[str, str]:
    return f"{quantity / 1e3:,.0f} kt", f"{quantity / 1e4:.1f}万吨"


def figures() -> list[tuple[str, str]]:
    """Each figure of the page as the English and as the Chinese page write it."""

    def both(text: str) -> tuple[str, str]:
        return text, text

    acid = next(p.activity for p in plan().plants if p.id == "f_acid_ni")
    return [
        (f"{plan().objective / 1e6:,.0f} million", f"{plan().objective / 1e8:.2f}亿元"),
        (kt(acid)[0], kt(acid)[1]),
        kt(shipped("sulfuric_acid", "f_acid_ni", "f_wpa")),
        kt(shipped("sulfuric_acid", "f_acid_ni", "f_rutile")),
        both(f"{price('sulfuric_acid', 'f_acid_ni'):.2f}"),
        both(f"−{-price('chlorine', 'f_chlor_alkali'):.2f}"),
        kt(crossed("hydrochloric_acid", "dump")),
        (
            f"{crossed('hydrochloric_acid', 'sell') / 1e3:.0f} kt",
            f"{crossed('hydrochloric_acid', 'sell') / 1e4:.0f}万吨",
        ),
        both(f"{price('hydrogen', 'f_chlor_alkali'):.2f}"),
        both(f"{price('hydrogen_gas_coal', 'f_coal_h2'):,.2f}"),
        (f"{crossed('red_gypsum', 'dump') / 1e3:,.0f} kt", f"{crossed('red_gypsum', 'dump') / 1e4:.0f}万吨"),
        both(f"{cap('red_gypsum_stack')[0]:.2f}"),
        both(f"{cap('ni_ore_cap')[1]:,.0f}"),
        both(f"{cap('buy_cap:ni_concentrate')[0]:,.0f}"),
        both(f"{cap('carbide_slag_legacy')[0]:.2f}"),
        (f"{load('f_rutile'):.0%}".replace("%", " %"), f"{load('f_rutile'):.0%}"),
        (f"{load('f_chlor_alkali'):.0%}".replace("%", " %"), f"{load('f_chlor_alkali'):.0%}"),
        (f"{-plan().certificate.imbalance:.2%}".replace("%", " %"), f"{-plan().certificate.imbalance:.2%}"),
    ]


@pytest.mark.parametrize(("position", "language"), [(0, "en"), (1, "zh")])
def test_every_figure_of_the_page_is_that_of_the_plan(position: int, language: str) -> None:
    page = (ROOT / f"docs/manual/{language}/jinchang.md").read_text(encoding="utf-8")
    missing = [figure[position] for figure in figures() if figure[position] not in page]
    assert missing == []


def test_the_picture_of_the_page_is_that_of_the_plan() -> None:
    assert crossed("sulfuric_acid", "sell") == crossed("sulfuric_acid", "buy") == 0
    assert price("chlorine", "f_chlor_alkali") < -500
    assert price("hydrogen", "f_chlor_alkali") == pytest.approx(0, abs=1e-6)
    assert price("hydrogen_gas_coal", "f_coal_h2") > 5000
    assert cap("red_gypsum_stack")[0] > 0
    assert cap("ni_ore_cap")[0] == pytest.approx(0, abs=1e-3)
    idle = {p.id for p in plan().plants if p.load == 0}
    assert idle == {"f_co_sulfate", "f_as", "f_boiler_j", "f_vegetables"}
    assert load("f_vegetables", "high") == pytest.approx(1)
    binding = {c.id for c in plan("low").caps if c.price_low > 0}
    assert "phosphogypsum_stack" in binding
    assert "red_gypsum_stack" not in binding
    assert plan().certificate.element == "P"
    assert plan().certificate.holds
