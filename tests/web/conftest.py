"""Django for the tests of the pages: people with roles, cities as stored runs, a queue worked off at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps a loop in this thread, and we don't use it

import django

django.setup()

from django.test import Client, TransactionTestCase  # noqa: E402

from liantu.web.accounts.models import Membership, User  # noqa: E402
from liantu.web.accounts.permissions import Role  # noqa: E402
from liantu.web.atlas.city import City  # noqa: E402
from liantu.web.jobs.models import Job  # noqa: E402
from liantu.web.jobs.runner import run_queue  # noqa: E402
from tests.web.lifting import lifted  # noqa: E402
from tests.web.served import CHROMIUM, Served  # noqa: E402
from tests.web.stored import stored_city  # noqa: E402

EXAMPLES = Path(__file__).parents[2] / "examples"
JINCHANG = EXAMPLES / "jinchang"


_empty = TransactionTestCase._fixture_teardown


def _emptied(self: TransactionTestCase) -> None:
    """A test with real transactions ends by emptying the tables, which immutable rows refuse."""
    with lifted():
        _empty(self)


TransactionTestCase._fixture_teardown = _emptied


def person(role: Role, name: str = "", **place: object) -> User:
    """Someone with one role, who logs in by name without a password that anyone knows."""
    user, _ = User.objects.get_or_create(username=name or str(role))
    Membership.objects.get_or_create(user=user, role=role, **place)
    return user


def signed_in(user: User | None, **options: object) -> Client:
    """A browser without JavaScript in which the person is logged in; None is a stranger."""
    found = Client(headers={"host": "localhost"}, **options)
    if user is not None:
        found.force_login(user)
    return found


@pytest.fixture
def client(db: None) -> Client:
    """The task force's browser; an error of a view reaches the test."""
    return signed_in(person(Role.TASK_FORCE))


@pytest.fixture
def visitor(db: None) -> Client:
    """The same, but an error of a view is the page that a person sees."""
    return signed_in(person(Role.TASK_FORCE), raise_request_exception=False)


@pytest.fixture
def jinchang(db: None) -> City:
    """The demo city as the published run; its gaps, which take half a minute, are for ever being computed."""
    return stored_city("jinchang", with_gaps=False)


@pytest.fixture
def guitang(db: None) -> City:
    """A smaller city as the published run, with its gaps."""
    return stored_city("guitang", with_gaps=True)


@pytest.fixture
def run_jobs(db: None) -> Callable[[], list[Job]]:
    """Works off the queue in the test's own thread; gives the jobs as they ended."""
    return run_queue


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`liantu serve examples/guitang` as a demonstration, with its worker, its plan and its gaps."""
    server = Served(tmp_path_factory.mktemp("served"), str(EXAMPLES / "guitang"), demo=True).start()
    try:
        yield server.wait().wait_for_gaps()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium; skips where there is none."""
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium, which is not here")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])


@pytest.fixture(scope="session")
def cookies_of(served: Served) -> Callable[[str], list[dict[str, Any]]]:
    """The session of a person of the demonstration, by role; each logs in once."""
    return cache(served.logged_in)


@pytest.fixture
def window(
    served: Served, browser: Browser, cookies_of: Callable[[str], list[dict[str, Any]]]
) -> Iterator[Callable[..., Page]]:
    """`window("leader", color_scheme="dark")` opens one in which that person is logged in; "" is a stranger.

    Addresses may be paths: `page.goto("/en/plants/")`.
    """
    opened = []

    def open_one(role: str = "task_force", **options: Any) -> Page:
        wanted = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"} | options
        context = browser.new_context(base_url=served.url, **wanted)
        opened.append(context)
        if role:
            context.add_cookies(cookies_of(role))
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()
