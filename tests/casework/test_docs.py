"""docs/casework.md says what there is, and its example runs."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from liantu.casework import flow, flow_read, guards, limits
from liantu.casework.view import View
from tests.casework.people import at

PAGE = (Path(__file__).resolve().parents[2] / "docs/casework.md").read_text(encoding="utf-8")


def test_its_example_runs() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.S)
    names: dict[str, datetime | View] = {"now": at("2025-09-26 10:00")}
    exec(block, names)
    seen = names["seen"]
    assert isinstance(seen, View)
    assert seen.due == at("2025-09-29 18:00")


@pytest.mark.parametrize(
    "words",
    [
        flow.KINDS,
        flow.AGAINS,
        flow.OWNERS,
        flow.RELATIONS,
        limits.UNITS,
        tuple(guards.GUARDS),
        flow_read.KEYS,
    ],
)
def test_it_tells_every_word_a_flow_may_use(words: tuple[str, ...]) -> None:
    assert [word for word in words if not re.search(rf"\b{word}\b", PAGE)] == []


def test_every_function_it_names_is_there() -> None:
    for module, name in re.findall(r"\| `(\w+)\.(\w+)` \|", PAGE):
        source = Path(flow.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
        assert f"\ndef {name}(" in source
