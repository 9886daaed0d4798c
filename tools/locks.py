"""Checks that the two lock files hold what pyproject.toml asks for, without asking an index."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)")
EXTRAS = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "scale", "dev")}


@dataclass(frozen=True)
class Pin:
    """One package of a lock file."""

    name: str
    version: str
    hashed: bool
    direct: bool  # asked for by pyproject.toml itself


def pins(text: str) -> list[Pin]:
    """The packages of a lock file, as `make lock` writes it."""
    found = []
    for block in re.split(r"\n(?=\S)", text):
        if match := PIN.match(block):
            name = canonicalize_name(match["name"])
            direct = "liantu (pyproject.toml)" in block
            found.append(Pin(name, match["version"], "--hash=sha256:" in block, direct))
    return found


def wanted(project: dict[str, Any], extras: Iterable[str]) -> list[Requirement]:
    """What the project table of pyproject.toml asks for with these extras, liantu itself left out."""
    lines = [*project["dependencies"]]
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    requirements = [Requirement(line) for line in lines]
    return [r for r in requirements if canonicalize_name(r.name) != "liantu"]


def findings(name: str, text: str, requirements: list[Requirement]) -> Iterator[str]:
    """What is wrong between one lock file and the requirements, a line each."""
    locked = pins(text)
    asked: dict[str, Requirement] = {canonicalize_name(r.name): r for r in requirements}
    for lacking in sorted(asked.keys() - {pin.name for pin in locked}):
        yield f"{name}: lacks {lacking}"
    for pin in locked:
        requirement = asked.get(pin.name)
        if requirement and Version(pin.version) not in requirement.specifier:
            yield f"{name}: {pin.name} is {pin.version}, pyproject.toml asks for {requirement.specifier}"
    for pin in locked:
        if not pin.hashed:
            yield f"{name}: {pin.name} has no hash"
        if pin.direct and pin.name not in asked:
            yield f"{name}: {pin.name} is not asked for by pyproject.toml any more"
    for line in text.splitlines():
        if line.startswith("-"):
            yield f"{name}: names an option or an index: {line.split()[0]}"


def disagreements(runtime: list[Pin], development: list[Pin]) -> Iterator[str]:
    """Packages that the two locks hold in different versions (one version for each Python)."""
    there = _versions(development)
    for name, versions in _versions(runtime).items():
        if there.get(name) != versions:
            other = " and ".join(sorted(there.get(name, {"none"})))
            yield f"{name}: {' and '.join(sorted(versions))} in requirements.lock, {other} in the other"


def _versions(locked: list[Pin]) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for pin in locked:
        versions.setdefault(pin.name, set()).add(pin.version)
    return versions


def check(root: Path = ROOT) -> list[str]:
    """Everything that is wrong with the lock files under a root."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = {name: (root / name).read_text(encoding="utf-8") for name in EXTRAS}
    lines: list[str] = []
    for name, text in texts.items():
        lines += findings(name, text, wanted(project, EXTRAS[name]))
    lines += disagreements(*(pins(text) for text in texts.values()))
    return lines


if __name__ == "__main__":
    problems = check()
    print("\n".join(problems) if problems else "both locks hold what pyproject.toml asks for")
    if problems:
        print("`make lock` writes them anew.")
    sys.exit(1 if problems else 0)
