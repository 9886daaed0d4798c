"""An enterprise states a need or an offer, and is told at once what fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from liantu.errors import InputError
from liantu.web.atlas.city import City
from liantu.web.exchange import actions
from liantu.web.exchange.models import Proposal, Statement
from tests.web.exchange.conftest import Firm, State, said

pytestmark = pytest.mark.postgres

S = Statement.objects.unscoped(because="a test looks at all")


def filled(city: City, **changes: Any) -> dict[str, Any]:
    park = next(iter(city.network.parks))
    return {
        "kind": "need", "material": "bagasse", "per_year": "1000", "at": park, "valid_from": "2026-12-01",
    } | changes  # fmt: skip


def test_a_need_is_stated_and_three_options_are_explained(town: City, paper: Firm) -> None:
    answer = paper.client.post("/en/exchange/statements/new/", filled(town, material="molasses"))
    assert answer.status_code == 302
    page = paper.client.get(answer.url).content.decode()
    assert page.count('class="card h-100 option"') == 3
    assert "Delivered at" in page
    assert "against buying in" in page
    made = S.get()
    assert made.enterprise == paper.enterprise
    assert made.proposal is not None
    assert made.proposal.number == 1


def test_all_problems_stand_at_their_fields(town: City, paper: Firm) -> None:
    wrong = {
        "kind": "gift", "material": "unobtainium", "per_year": "nan", "purity": "120", "at": "", "lat": "91",
        "lon": "x", "price": "1e99", "valid_from": "tomorrow", "m1": "-3",
    }  # fmt: skip
    answer = paper.client.post("/en/exchange/statements/new/", wrong)
    assert answer.status_code == 400
    errors = answer.context["form"].errors
    assert set(errors) == {
        "kind",
        "material",
        "per_year",
        "purity",
        "lat",
        "lon",
        "price",
        "valid_from",
        "m1",
    }
    assert not S.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"at": ""}, "at"),
        ({"lat": "38", "lon": "102"}, "at"),
        ({"at": "", "lat": "38"}, "lon"),
        ({"per_year": "0"}, "per_year"),
        ({"per_year": ""}, "per_year"),
        ({"per_year": "5", "m1": "1", "m2": "2"}, "per_year"),
        ({"valid_until": "2026-11-01"}, "valid_until"),
        ({"valid_from": "0900-01-01"}, "valid_from"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"contact": "a\x1bb"}, "contact"),
    ],
)
def test_a_slip_is_refused_at_its_field(town: City, paper: Firm, changes: dict[str, str], field: str) -> None:
    answer = paper.client.post("/exchange/statements/new/", filled(town, **changes))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not S.exists()


def test_months_make_the_year_and_positions_are_places(town: City, paper: Firm) -> None:
    lat, lon = next(iter(town.network.parks.values()))[2:]
    given = filled(town, per_year="", at="", lat=str(lat), lon=str(lon), m3="10", m4="20.5")
    assert paper.client.post("/exchange/statements/new/", given).status_code == 302
    made = S.get()
    assert made.per_year == 30.5
    assert made.months == [0, 0, 10, 20.5, 0, 0, 0, 0, 0, 0, 0, 0]
    assert (made.at, made.lat) == ("", lat)


def test_an_enterprise_offers_only_at_its_own_plants_and_for_itself(
    town: City, paper: Firm, sugar: Firm
) -> None:
    other = filled(town, enterprise=str(sugar.enterprise.pk), at=town.network.plants.id[0])
    answer = paper.client.post("/exchange/statements/new/", other)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["at"]
    paper.client.post("/exchange/statements/new/", filled(town, enterprise=str(sugar.enterprise.pk)))
    assert S.get().enterprise == paper.enterprise


def test_the_task_force_states_for_an_enterprise(town: City, client: Client, paper: Firm) -> None:
    given = filled(town, enterprise=str(paper.enterprise.pk), at=town.network.plants.id[0])
    assert client.post("/exchange/statements/new/", given).status_code == 302
    assert S.get().enterprise == paper.enterprise


def test_who_changes_over_an_older_version_is_told(town: City, paper: Firm, state: State) -> None:
    made = state(paper)
    address = f"/en/exchange/statements/{made.pk}/edit/"
    assert paper.client.post(address, filled(town, per_year="2000", version="1")).status_code == 302
    answer = paper.client.post(address, filled(town, per_year="3000", version="1"))
    assert answer.status_code == 400
    assert "changed meanwhile" in answer.content.decode()
    now = S.select_related("proposal").get()
    assert (now.per_year, now.version, now.proposal.number) == (2000, 2, 2)
    answer = paper.client.post(f"/en/exchange/statements/{made.pk}/withdraw/", {"version": "1"}, follow=True)
    assert "changed meanwhile" in answer.content.decode()
    paper.client.post(f"/en/exchange/statements/{made.pk}/withdraw/", {"version": "2"})
    assert S.get().status == "withdrawn"
    assert paper.client.get(address).status_code == 404


def test_a_need_and_an_offer_find_each_other_both_ways(
    town: City, sugar: Firm, paper: Firm, state: State
) -> None:
    need = state(paper, price=300.0)
    offer = state(sugar, kind="offer", price=100.0, per_year=600.0)
    for mine, theirs, client in ((need, offer, paper.client), (offer, need, sugar.client)):
        page = client.get(f"/en/exchange/statements/{mine.pk}/").content.decode()
        other = sugar if theirs == offer else paper
        assert other.enterprise.name_en in page
        assert "600" in page
    need = S.get(pk=need.pk)
    assert need.proposal.number == 2, "proposed again when the offer came"
    assert need.proposal.because == "others"
    sugar.client.post(f"/exchange/statements/{offer.pk}/withdraw/", {"version": "1"})


def test_statements_that_do_not_fit_are_not_proposed(
    town: City, sugar: Firm, paper: Firm, state: State
) -> None:
    need = state(paper, price=50.0, months=[100.0] + [0.0] * 11, per_year=100.0, purity=0.9)
    state(sugar, kind="offer", price=100.0)  # too dear
    state(sugar, kind="offer", months=[0.0, 100.0] + [0.0] * 10, per_year=100.0)  # another month
    state(sugar, kind="offer", purity=0.5)  # not pure enough
    row = Proposal.objects.unscoped(because="a test").filter(statement=need).latest("number")
    against = {tuple(p["against"]) for p in row.content["partners"]}
    assert against == {("price", "purity"), ("purity", "months"), ("purity",)}
    page = paper.client.get(f"/en/exchange/statements/{need.pk}/").content.decode()
    assert sugar.enterprise.name_en not in page


def test_proposals_are_made_again_when_the_data_change(
    town: City, paper: Firm, state: State, run_jobs: Callable[[], Any]
) -> None:
    from liantu.web.atlas import runs
    from liantu.web.jobs import registry
    from liantu.web.jobs.actions import enqueue

    need = state(paper)
    registry.kinds()
    assert "exchange.repropose" in runs.after_publish
    enqueue("exchange.repropose", by=None, run=str(town.run.pk))
    (job,) = run_jobs()
    assert (job.status, job.result) == ("done", {"new": 0, "failed": 0}), "the same data say nothing new"
    assert Proposal.objects.unscoped(because="a test").filter(statement=need).count() == 1


def test_while_another_is_matched_a_job_does_it_and_the_page_waits_for_it(
    town: City, paper: Firm, run_jobs: Callable[[], Any]
) -> None:
    with actions._matching:
        answer = paper.client.post("/en/exchange/statements/new/", filled(town, material="molasses"))
        with pytest.raises(InputError):
            actions.state(said(town, per_year=-1.0), city=town, by=paper.user)
    made = S.get()
    assert (answer.status_code, made.proposal) == (302, None)
    page = paper.client.get(answer.url, headers={"HX-Request": "true"})
    assert "is being worked out" in page.content.decode()
    assert "HX-Refresh" not in page.headers
    assert {job.status for job in run_jobs()} == {"done"}
    page = paper.client.get(answer.url, headers={"HX-Request": "true"})
    assert page.headers["HX-Refresh"] == "true"
    assert page.content.decode().count('class="card h-100 option"') == 3
    assert "is being worked out" not in page.content.decode()
    with actions._matching:
        changed = filled(town, material="molasses", per_year="2000", version="1")
        paper.client.post(f"/en/exchange/statements/{made.pk}/edit/", changed)
    run_jobs()
    now = S.select_related("proposal").get()
    assert (now.proposal.number, now.proposal.content["quantity"]) == (2, 2000)
