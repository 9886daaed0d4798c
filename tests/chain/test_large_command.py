"""`liantu plan` of a network whose pairs are not listed: steps told, stopped, gone on with, and proved."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest

from liantu.chain import regions, scale, sweep
from liantu.cli.entry import run
from liantu.data.package_out import write_package
from tests.chain.networks import City

GAP = re.compile(r"gap (\S+)$", re.MULTILINE)
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Sixty plants, solved as a large network is, in blocks of a few and never as one."""
    write_package(City(5, plants=60, materials=3).tables(), tmp_path / "town")
    monkeypatch.setattr(sweep, "cores", lambda: 1)
    monkeypatch.setattr(scale, "LISTED_PAIRS", 10)
    monkeypatch.setattr(regions, "Limits", partial(regions.Limits, leaf=8, largest=30, whole=30))
    return str(tmp_path / "town")


def solved(capsys: Capture, *arguments: str) -> tuple[int, dict[str, object], list[float]]:
    """(exit code, document, the gap after each step)."""
    code = run(["plan", *arguments, "--json", "--lang", "en"])
    out, err = capsys.readouterr()
    return code, json.loads(out), [float(gap) for gap in GAP.findall(err)]


def test_the_steps_are_told_and_the_goal_is_met(
    town: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, found, gaps = solved(capsys, town, "--gap", "0.05")
    assert code == 0
    assert found["certificate"]["holds"]
    assert len(gaps) > 1
    assert min(gaps[:-1]) > 0.05 >= gaps[-1] >= 0
    monkeypatch.setattr(scale, "LISTED_PAIRS", 10**9)
    _, best, steps = solved(capsys, town)
    assert steps == []
    assert best["objective_cny"] <= found["certificate"]["dual"] * (1 + 1e-9)
    assert best["objective_cny"] >= found["objective_cny"] * (1 - 1e-9)


def test_without_time_it_says_how_far_it_came(town: str, tmp_path: Path, capsys: Capture) -> None:
    state = str(tmp_path / "state.npz")
    code, found, gaps = solved(capsys, town, "--seconds", "0", "--state", state)
    assert (code, gaps) == (1, [])
    assert "certificate" in [f["code"] for f in found["findings"]]
    assert solved(capsys, town, "--gap", "0.05", "--state", state)[0] == 0
    assert solved(capsys, town, "--gap", "0.05", "--state", state)[2] == []  # it was there


def test_a_state_of_another_city_or_no_state_is_refused(town: str, tmp_path: Path, capsys: Capture) -> None:
    state = tmp_path / "state.npz"
    solved(capsys, town, "--gap", "0.5", "--state", str(state))
    write_package(City(6, plants=60, materials=3).tables(), tmp_path / "other")
    assert run(["plan", str(tmp_path / "other"), "--state", str(state)]) == 2
    assert "state.npz" in capsys.readouterr().err
    state.write_bytes(b"junk")
    assert run(["plan", town, "--state", str(state)]) == 2
    assert "state.npz" in capsys.readouterr().err


def test_the_first_order_method_proves_its_plan_too(tmp_path: Path, capsys: Capture) -> None:
    write_package(City(5, plants=30, materials=5).tables(), tmp_path / "town")
    town = str(tmp_path / "town")
    _, best, _ = solved(capsys, town)
    code, near, _ = solved(capsys, town, "--method", "first-order", "--gap", "1e-4")
    assert code == 0
    certificate = near["certificate"]
    assert (certificate["goal"], certificate["holds"]) == (1e-4, True)
    assert near["objective_cny"] <= best["objective_cny"] * (1 + 1e-9) <= certificate["dual"] * (1 + 2e-9)
    code, rough, _ = solved(capsys, town, "--method", "first-order", "--seconds", "1e-9")
    assert (code, rough["certificate"]["holds"]) == (1, False)
