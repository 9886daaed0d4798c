"""Django for the tests of the pages: the viewer of Jinchang, solved once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")

import django

django.setup()

from django.test import Client  # noqa: E402

from liantu.web.atlas import city  # noqa: E402

JINCHANG = Path(__file__).parents[2] / "examples" / "jinchang"


@pytest.fixture(scope="session")
def client() -> Client:
    """A browser without JavaScript; an error of a view reaches the test."""
    city.load(JINCHANG)
    return Client(headers={"host": "localhost"})
