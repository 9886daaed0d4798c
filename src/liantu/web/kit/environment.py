"""What the process's environment says: where things are kept, and the keys that are made once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

VAR = Path(os.environ.get("LIANTU_VAR", "var"))
"""Where the database, the keys and what people upload are kept."""


def key(name: str) -> str:
    """The secret LIANTU_<NAME>, or the one in var/<name>, made the first time."""
    given = os.environ.get(f"LIANTU_{name.upper()}")
    if given:
        return given
    path = VAR / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        VAR.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(50)
    draft = path.with_name(f"{name}.{os.getpid()}")
    draft.write_text(made + "\n")
    draft.chmod(0o600)
    try:
        os.link(draft, path)  # the first of several processes wins
    except FileExistsError:
        made = path.read_text().strip()
    finally:
        draft.unlink()
    return made


def database() -> dict[str, Any]:
    """DATABASE_URL, or SQLite in var/."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{(VAR / 'liantu.sqlite3').absolute()}"
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if found["ENGINE"].endswith("sqlite3"):
        VAR.mkdir(parents=True, exist_ok=True)
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",  # a reader that becomes a writer would fail with 'locked'
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA recursive_triggers=ON",  # without it REPLACE passes by a trigger that refuses DELETE
        }
    return found


def count(name: str) -> int:
    """A small number from the environment; 0 without it."""
    found = os.environ.get(name) or "0"
    if not found.isdecimal():
        raise ImproperlyConfigured(f"{name} can't be {found!r}; a number such as 0 or 1")
    return int(found)


def flag(name: str) -> bool:
    """Whether the environment sets it to 1."""
    return os.environ.get(name) == "1"
