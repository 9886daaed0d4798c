"""Use cases below the command line: what a plan says that somebody has to look at."""

from __future__ import annotations

from liantu import runs
from liantu.chain.network_build import build_network
from liantu.chain.plan import make_plan
from tests.chain.acid_town import acid_town


def sulfur(metal: str) -> list[dict[str, object]]:
    """The town's materials with sulfur told: half of the ore's is said to stay in the metal, or none."""
    share = {"ore": "S:0.2", "gas": "S:0.4", "acid": "S:0.4", "metal": metal}
    rows = acid_town()["materials"].to_dicts()
    return [{**row, "composition": share.get(row["id"])} for row in rows]


def test_a_plant_that_runs_a_recipe_out_of_balance_is_a_finding() -> None:
    sound = make_plan(build_network(acid_town(materials=sulfur(metal=""))))
    assert {f.subject for f in runs.findings(sound)} == {"react"}  # fertiliser of unknown composition
    bad = make_plan(build_network(acid_town(materials=sulfur(metal="S:0.3"))))
    found = runs.findings(bad)
    assert {(f.code, f.subject, f.place) for f in found} == {
        ("broken_recipe", "smelt", "smelter"),
        ("broken_recipe", "react", "works"),
    }


def test_the_findings_of_a_plan_without_any_are_none() -> None:
    assert runs.findings(make_plan(build_network(acid_town()))) == ()
