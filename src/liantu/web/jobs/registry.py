"""The kinds of jobs: what is called for each, and how often by itself."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps

from liantu.errors import LiantuError

PACKAGE = "liantu.web"
NORMAL, BACKGROUND = 10, 20


class CancelledError(Exception):
    """The job was cancelled, or is no longer this worker's: give up, nothing of it is kept."""


class UnknownKindError(LiantuError):
    """No function is registered under this name. `params`: kind."""

    code = "unknown_job"


class Context(Protocol):
    """What a job's function is given."""

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Say how far it is; `step` is a message in English. Raises CancelledError where it should stop."""

    def commit(self) -> AbstractContextManager[dict[str, Any]]:
        """The transaction in which the job ends; what is put into the dictionary becomes its result.

        Raises CancelledError where the job is no longer this worker's: nothing is written then.
        """


Function = Callable[..., "dict[str, Any] | None"]


@dataclass(frozen=True)
class Kind:
    """A registered kind; `every` in minutes, None where it is only asked for."""

    name: str
    function: Function
    priority: int
    every: int | None


_kinds: dict[str, Kind] = {}
sentences: dict[str, Callable[[dict[str, Any]], str]] = {}
"""What a failure of this code is called: a function of its parameters."""
_found = False


def job(name: str, *, background: bool = False, every: int | None = None) -> Callable[[Function], Function]:
    """Register the function under this name. `background` lets others go first; `every` so many minutes
    it is put into the queue by itself."""

    def register(function: Function) -> Function:
        _kinds[name] = Kind(name, function, BACKGROUND if background else NORMAL, every)
        return function

    return register


def kinds() -> Mapping[str, Kind]:
    """All kinds, after every module named `jobs` of our apps was imported."""
    global _found
    if not _found:
        for config in apps.get_app_configs():
            if config.name.startswith(f"{PACKAGE}."):
                _import_jobs(config.name, Path(config.path))
        _found = True
    return _kinds


def kind(name: str) -> Kind:
    """The kind of this name. Raises UnknownKindError."""
    found = kinds().get(name)
    if found is None:
        raise UnknownKindError(kind=name)
    return found


def _import_jobs(package: str, folder: Path) -> None:
    for path in sorted(folder.rglob("jobs.py")):
        importlib.import_module(".".join((package, *path.relative_to(folder).with_suffix("").parts)))
