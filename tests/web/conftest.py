"""Django for the tests of the pages: the viewer of Jinchang, solved once, and of other examples."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")

import django

django.setup()

from django.test import Client  # noqa: E402

from liantu.web.atlas import city  # noqa: E402
from liantu.web.atlas.city import City, Provider  # noqa: E402

EXAMPLES = Path(__file__).parents[2] / "examples"
JINCHANG = EXAMPLES / "jinchang"


@pytest.fixture
def client() -> Client:
    """A browser without JavaScript; an error of a view reaches the test."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def visitor() -> Client:
    """The same, but an error of a view is the page that a person sees."""
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


@pytest.fixture
def jinchang(monkeypatch: pytest.MonkeyPatch) -> City:
    """The demo city by another path: its gaps, which take half a minute, are for ever being computed."""
    monkeypatch.setattr(Provider, "_find_gaps", lambda self, shown: None)
    return city.load(JINCHANG / "datapackage.json")


@pytest.fixture
def guitang() -> City:
    """A smaller city, with its gaps."""
    loaded = city.load(EXAMPLES / "guitang")
    assert city.wait_for_gaps(120).report is not None
    return loaded
