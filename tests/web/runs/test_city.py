"""The city of a page: read once however many ask, never another run's, and told where it can't be read."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from liantu.web.accounts.permissions import Role
from liantu.web.atlas import city as provider
from liantu.web.atlas.city import City
from liantu.web.atlas.models import Publication, Run, RunResult
from liantu.web.atlas.runs import actions, selectors
from liantu.web.kit.keep import Kept
from tests.web.conftest import person, signed_in
from tests.web.stored import publication_of, stored_city, version_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_what_is_costly_is_made_once_for_all_who_ask_at_once() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        time.sleep(0.2)
        return 7

    kept: Kept[str, int] = Kept(size=2)
    threads = [threading.Thread(target=lambda: kept.get("a", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    kept.get("b", make)
    kept.get("c", make)
    kept.get("a", make)  # it had to go
    assert len(made) == 4


def test_a_failure_is_not_kept() -> None:
    kept: Kept[str, int] = Kept(size=2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 5) == 5


@pytest.mark.parametrize("model", [Run, RunResult, Publication])
def test_what_was_stored_is_held_by_the_database(guitang: City, model: type) -> None:
    rows = model.objects.unscoped(because="test") if model is Run else model.objects.all()
    name = {Run: "name", RunResult: "digest", Publication: "at"}[model]
    value = timezone.now() if name == "at" else "changed"
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{name: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete("default")


def test_a_damaged_result_is_not_shown(
    guitang: City, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.forget()
    monkeypatch.setattr(selectors, "digest", lambda *parts: "something else")
    answer = client.get("/en/plants/")
    assert answer.status_code == 503
    assert (
        "This plan can't be read" in answer.content.decode()
        or "can&#x27;t be read" in answer.content.decode()
    )
    provider.forget()


def test_before_there_are_data_or_a_plan_a_page_says_what_to_do(client: Client) -> None:
    page = client.get("/en/map/")
    assert page.status_code == 503
    assert "No data of a city has been loaded" in page.content.decode()
    version = version_of("guitang")
    run = actions.start_run(version=version, by=None, publish=True)
    page = client.get("/en/map/")
    assert "their plan is being solved" in page.content.decode()
    assert not page.has_header("HX-Refresh")
    assert signed_in(None).get("/health/").json() == {"status": "waiting"}
    actions.jobs.cancel(run.job, by=None)
    assert "did not come about" in client.get("/en/map/").content.decode()
    assert signed_in(None).get("/health/").json() == {"status": "failed"}


def test_the_plan_of_a_day(db: None) -> None:
    start = timezone.now() - timedelta(days=10)
    with time_machine.travel(start):
        first = stored_city("guitang", with_gaps=False).run
    assert first is not None
    with time_machine.travel(start + timedelta(days=5)):
        actions.publish(first, by=person(Role.TASK_FORCE))
    day = timezone.localtime(start).date()
    assert selectors.published_at(day - timedelta(days=1)) is None
    assert selectors.published_at(day) == first
    assert selectors.publications().count() == 2


def test_a_plan_of_older_data_does_not_replace_that_of_newer(guitang: City) -> None:
    old = guitang.run
    assert old is not None
    newer = type(old.version)(
        dataset=old.version.dataset, number=2, digest=old.version.digest, package=b"", sha256="x"
    )
    newer.save()
    late = actions.start_run(version=newer, by=None)
    publication_of(late).save()
    with transaction.atomic():
        assert actions.publish_unless_overtaken(old) is None
    assert selectors.published() == late


def test_another_run_is_shown_only_to_who_may_see_it(guitang: City) -> None:
    for bad in ("x", "00000000-0000-0000-0000-000000000000"):
        assert signed_in(person(Role.TASK_FORCE)).get(f"/plan/?run={bad}").status_code == 404
    assert guitang.run is not None
    gaps = selectors.gaps_of(guitang.run)
    assert gaps is not None
    assert signed_in(person(Role.TASK_FORCE)).get(f"/plan/?run={gaps.pk}").status_code == 404
