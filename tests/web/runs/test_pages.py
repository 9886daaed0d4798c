"""The pages of runs: who sees what, what may be asked, every problem at its field, what comes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liantu.web.accounts.models import Park, User
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.atlas.models import Publication, Run
from liantu.web.atlas.runs import actions, selectors
from liantu.web.audit.models import Event
from liantu.web.jobs import queue
from liantu.web.jobs.models import Job
from tests.web.conftest import person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def text(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def state(**rows: list[dict[str, str]]) -> dict[str, str]:
    """A form as the browser sends it."""
    out = {"name": "a test", "start": "1"}
    for key, given in rows.items():
        out[f"{key}-n"] = str(len(given))
        for i, row in enumerate(given):
            out |= {f"{key}-{i}-{name}": value for name, value in row.items()}
    return out


def newest() -> Run:
    found = selectors.every().exclude(kind=Run.Kind.GAPS).first()
    assert found is not None
    return found


@pytest.fixture
def done(guitang: City, client: Client, run_jobs: Callable[[], list[Job]]) -> Run:
    """A scenario that was run: without the tissue machines, bagasse at its high price."""
    stated = state(close=[{"id": "tissue_machines"}], prices=[{"id": "paper", "value": "6100.5"}])
    client.post("/en/runs/new/", stated)
    run_jobs()
    return newest()


class TestAsking:
    def test_a_scenario_is_stated_run_and_kept(self, done: Run, client: Client, guitang: City) -> None:
        assert (done.name, done.status, done.publish) == ("a test", "done", False)
        assert "close:" in done.scenario
        assert "paper: 6100.5" in done.scenario
        page = text(client.get(f"/en/runs/{done.pk}/").content)
        assert "Certificate holds" in page
        assert "Tissue" in page
        assert "6,100.5 CNY/t" in page
        assert done.result.objective != guitang.plan.objective
        assert Event.objects.filter(action="run.started", object=str(done.pk)).count() == 1
        plan = text(client.get(f"/en/plan/?run={done.pk}").content)
        assert "This is not the plan that holds now" in plan
        assert Publication.objects.count() == 1  # nothing else is shown to all

    def test_names_in_both_languages_are_understood(self, guitang: City, client: Client) -> None:
        rows = guitang.tables["materials"].to_dicts()
        title = next(row for row in rows if row["id"] == "paper")
        for word in (title["name_zh"], title["name_en"], "paper"):
            answer = client.post("/en/runs/new/", state(prices=[{"id": word, "value": "high"}]))
            assert answer.status_code == 302
            assert "paper: high" in newest().scenario

    def test_every_problem_stands_at_its_field_and_what_was_typed_stays(
        self, guitang: City, client: Client
    ) -> None:
        stated = state(
            prices=[
                {"id": "papr", "value": "900"},
                {"id": "paper", "value": "1,200"},
                {"id": "lime", "value": ""},
            ],
            close=[{"id": "mill_main"}, {"id": "mill_main"}],
            open=[{"id": "c_biogas"}],
            caps=[{"id": "land", "value": "-3"}],
            new_demand=[{"id": "d1", "material": "paper", "quantity": "many", "park": "nowhere"}],
            new_candidate=[{"id": "c_new", "process_id": "nothing", "typical_scale": ""}],
        ) | {"carbon_price": "cheap"}
        answer = client.post("/en/runs/new/", stated)
        assert answer.status_code == 400
        form = answer.context["form"]
        first = {"prices-2-value", "close-1-id"}
        assert first <= set(form.errors)
        stated |= {"prices-2-value": "5", "close-1-id": "", "prices-0-value": "abc"}
        form = client.post("/en/runs/new/", stated).context["form"]
        wanted = {
            "prices-0-id", "prices-0-value", "prices-1-value", "open-0-id", "caps-0-value", "carbon_price",
            "new_demand-0-quantity", "new_demand-0-park",
            "new_candidate-0-process_id", "new_candidate-0-typical_scale",
        }  # fmt: skip
        assert wanted == set(form.errors)
        assert "paper" in form.errors["prices-0-id"][0]  # what may have been meant
        page = client.post("/runs/new/", stated).content.decode()
        assert 'value="1,200"' in page
        assert "不在" in page
        assert not selectors.every().filter(name="a test").exists()

    def test_a_field_that_the_form_refuses_keeps_no_other_problem_back(
        self, guitang: City, client: Client
    ) -> None:
        stated = state(prices=[{"id": "bagasse", "value": "dear"}]) | {
            "name": "", "price_level": "x", "carbon_price": "much", "capital_charge_rate": "-1e999"
        }  # fmt: skip
        errors = client.post("/en/runs/new/", stated).context["form"].errors
        wanted = {"name", "price_level", "carbon_price", "capital_charge_rate", "prices-0-value"}
        assert set(errors) == wanted
        assert {name: len(said) for name, said in errors.items()} == dict.fromkeys(wanted, 1)

    def test_one_more_row_without_scripts_keeps_what_was_typed(self, guitang: City, client: Client) -> None:
        stated = state(prices=[{"id": "paper", "value": "x"}]) | {"more": "prices", "name": "half"}
        answer = client.post("/en/runs/new/", stated)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'name="prices-1-id"' in page
        assert 'value="half"' in page
        assert "is-invalid" not in page

    def test_a_file_fills_the_form_and_the_form_gives_the_file_back(
        self, guitang: City, client: Client
    ) -> None:
        given = (
            "name: low\ntitle: a bad year\nprice_level: low\nprices: {paper: 5000}\nclose: [kiln]\n"
            "add: [c_biogas, {id: c_own, process_id: PROCESS, typical_scale: 1000,"
            " suggested_park_id: complex}]\n"
            "capacity: {mill_main: 1000}\n"
            "demand: {sugar_reserve: 5, extra: {material: paper, quantity: 7, park: complex}}\n"
            "caps: {land: 900}\ncarbon_price: 99\ncapital_charge_rate: 0.1\n"
        ).replace("PROCESS", guitang.tables["processes"]["id"][5])
        file = SimpleUploadedFile("low.yaml", given.encode())
        answer = client.post("/en/runs/new/", {"read": "1", "file": file})
        assert answer.status_code == 200, answer.context["file"].errors
        form = answer.context["form"]
        sent = {name: form[name].value() or "" for name in form.fields if name not in ("publish", "gaps")}
        sent |= {name: str(n) for name, n in form.counts}
        assert client.post("/en/runs/new/", sent | {"start": "1"}).status_code == 302
        run = newest()
        from liantu.web.atlas.runs import scenarios

        kept = client.get(f"/runs/{run.pk}/scenario.yaml").content.decode()
        assert scenarios.read(kept, guitang.tables) == scenarios.read(given, guitang.tables)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"prices: {nix: 5}\nclose: 7: 8", "line 2"),
            (b"\xff\xfe\x00", "not text in UTF-8"),
            (b"", "empty"),
            (b"a" * 300_000, "256 KiB"),
            (b"[" * 5000, "line 1"),
            (b"<script>alert(1)</script>", "line 1"),
        ],
    )
    def test_a_bad_file_is_told_and_nothing_starts(
        self, guitang: City, client: Client, content: bytes, said: str
    ) -> None:
        before = selectors.every().count()
        answer = client.post("/en/runs/new/", {"read": "1", "file": SimpleUploadedFile("x.yaml", content)})
        assert answer.status_code == 400
        assert said in text(answer.content)
        assert b"<script>alert" not in answer.content
        assert selectors.every().count() == before

    def test_a_scenario_that_the_engine_refuses_fails_with_its_reasons(
        self,
        guitang: City,
        client: Client,
        run_jobs: Callable[[], list[Job]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        from liantu.errors import SolverError

        def broken(_city: object) -> None:
            raise SolverError("not_optimal", status="Infeasible")

        monkeypatch.setattr("liantu.runs.plan", broken)
        client.post("/en/runs/new/", state())
        run_jobs()
        page = text(client.get(f"/en/runs/{newest().pk}/").content)
        assert "Failed" in page
        assert "The solver failed" in page
        assert "Infeasible" in page


class TestOneRun:
    def test_a_run_that_waits_tells_how_far_it_is_and_can_be_cancelled(
        self, guitang: City, client: Client
    ) -> None:
        client.post("/en/runs/new/", state())
        run = newest()
        page = client.get(f"/en/runs/{run.pk}/")
        assert "hx-get" in page.content.decode()
        assert "Queued" in page.content.decode()
        assert not client.get(f"/en/runs/{run.pk}/", headers={"HX-Request": "true"}).has_header("HX-Refresh")
        assert client.get(f"/runs/{run.pk}/cancel/").status_code == 302
        assert newest().status == "queued"  # asking is not doing
        assert client.post(f"/en/runs/{run.pk}/cancel/").status_code == 302
        assert newest().status == "cancelled"
        assert client.get(f"/en/runs/{run.pk}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
        assert "had ended already" in client.post(f"/en/runs/{run.pk}/cancel/", follow=True).content.decode()

    def test_progress_is_shown_in_the_language_of_the_page(self, guitang: City, client: Client) -> None:
        client.post("/en/runs/new/", state())
        run = newest()
        assert queue.claim("w") is not None
        Job.objects.unscoped(because="test").filter(pk=run.job_id).update(done=1, total=3, step="Solving")
        assert "1 / 3" in text(client.get(f"/en/runs/{run.pk}/").content)
        assert "Solving" not in text(client.get(f"/runs/{run.pk}/").content)

    def test_publishing_shows_it_to_all_and_is_on_record(
        self, done: Run, client: Client, guitang: City, run_jobs: Callable[[], list[Job]]
    ) -> None:
        leader = signed_in(person(Role.LEADER))
        assert leader.post(f"/runs/{done.pk}/publish/").status_code == 403
        assert client.post(f"/en/runs/{done.pk}/publish/").status_code == 302
        assert selectors.published() == done
        made = Publication.objects.first()
        assert made is not None
        assert made.by == person(Role.TASK_FORCE)
        assert Event.objects.filter(action="run.published", object=str(done.pk)).exists()
        page = text(leader.get("/en/plan/").content)
        assert "This is not the plan that holds now" not in page
        followers = [r.kind for r in selectors.every().filter(of=done)]
        assert followers == ["gaps"]  # they are looked for by themselves

    def test_a_run_that_is_not_done_is_not_published(self, guitang: City, client: Client) -> None:
        client.post("/en/runs/new/", state())
        before = selectors.published()
        answer = client.post(f"/en/runs/{newest().pk}/publish/", follow=True)
        assert "Nothing was changed" in answer.content.decode()
        assert selectors.published() == before

    def test_its_files(self, done: Run, client: Client) -> None:
        document = json.loads(client.get(f"/runs/{done.pk}/report.json").content)
        assert document["schema"] == "liantu/plan/1"
        assert document["scenario"]["close"] == ["tissue_machines"]
        assert document["objective_cny"] == done.result.objective

    def test_two_plans_side_by_side(self, done: Run, client: Client, guitang: City) -> None:
        assert guitang.run is not None
        page = text(client.get("/en/runs/compare/", {"a": str(guitang.run.pk), "b": str(done.pk)}).content)
        assert "B less A" in page
        assert "Where the difference comes from" in page
        assert "Plants that run otherwise" in page
        assert client.get("/en/runs/compare/", {"a": "now", "b": str(done.pk)}).status_code == 200
        assert client.get("/en/runs/compare/", {"a": "x"}).status_code == 400
        zh = client.get("/runs/compare/", {"a": str(guitang.run.pk), "b": str(done.pk)}).content.decode()
        assert "Where the difference" not in zh

    def test_a_portfolio_is_chosen_on_top_of_it(
        self, done: Run, client: Client, run_jobs: Callable[[], list[Job]]
    ) -> None:
        address = f"/en/runs/{done.pk}/portfolio/"
        bad = client.post(address, {"name": "p", "capital": "-1", "budgets": "1;x", "runners_up": "99"})
        assert bad.status_code == 400
        assert {"capital", "budgets", "runners_up", "differ_by", "time_limit"} <= set(
            bad.context["form"].errors
        )
        stated = {
            "name": "5 and 10",
            "capital": "10",
            "budgets": "5; 10",
            "runners_up": "1",
            "differ_by": "1",
            "time_limit": "30",
        }
        assert client.post(address, stated).status_code == 302
        run_jobs()
        run = newest()
        assert (run.kind, run.status, run.options["rooms"]) == ("portfolio", "done", {"capital": 1e9})
        page = text(client.get(f"/en/runs/{run.pk}/").content)
        assert "The best set" in page
        assert "proven best" in page
        assert "5 and 10" in text(client.get(f"/en/runs/{done.pk}/").content)


class TestWho:
    def test_owner_colleague_and_outsider(self, guitang: City, run_jobs: Callable[[], list[Job]]) -> None:
        park = Park.objects.create(code="complex", name_zh="x")
        owner = signed_in(person(Role.PARK, "owner", park=park))
        owner.post("/en/runs/new/", state())
        run = newest()
        address = f"/en/runs/{run.pk}/"
        seen = {
            "owner": owner.get(address).status_code,
            "task force": signed_in(person(Role.TASK_FORCE)).get(address).status_code,
            "other park": signed_in(person(Role.PARK, "other", park=park)).get(address).status_code,
            "agent": signed_in(person(Role.AGENT)).get(address).status_code,
            "enterprise": signed_in(person(Role.ENTERPRISE)).get(address).status_code,
            "stranger": signed_in(None).get(address).status_code,
        }
        assert seen == {
            "owner": 200,
            "task force": 200,
            "other park": 404,
            "agent": 403,
            "enterprise": 403,
            "stranger": 302,
        }
        assert signed_in(person(Role.PARK, "other")).post(f"{address}cancel/").status_code == 404
        assert signed_in(person(Role.LEADER)).post("/runs/new/", state()).status_code == 403
        run_jobs()
        plan = f"/en/plan/?run={run.pk}"
        assert owner.get(plan).status_code == 200
        assert signed_in(person(Role.PARK, "other")).get(plan).status_code == 404
        actions.publish(newest(), by=None)
        assert signed_in(person(Role.PARK, "other")).get(plan).status_code == 200
        assert signed_in(person(Role.AGENT)).get(plan).status_code == 200

    def test_somebody_of_the_same_rank_does_not_cancel_what_is_not_theirs(self, guitang: City) -> None:
        signed_in(person(Role.INVESTMENT, "one")).post("/en/runs/new/", state())
        run = newest()
        signed_in(person(Role.INVESTMENT, "two")).post(f"/runs/{run.pk}/cancel/")
        assert newest().status == "queued"
        signed_in(person(Role.TASK_FORCE)).post(f"/runs/{run.pk}/cancel/")
        assert newest().status == "cancelled"

    def test_the_list_is_searched_sorted_and_takes_as_many_queries_for_many(
        self, done: Run, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        page = text(client.get("/en/runs/", {"q": "a test", "sort": "-value", "kind": "plan"}).content)
        assert "a test" in page
        assert "1–1 of 1" in page
        assert "Nothing was asked yet" not in text(client.get("/en/runs/").content)
        assert "No run answers" in text(client.get("/en/runs/", {"q": "zzz"}).content)
        by = User.objects.get(username="task_force")
        for n in range(60):
            actions.start_run(version=done.version, name=f"n{n}", by=by)
        with django_assert_max_num_queries(16):
            client.get("/en/runs/")
