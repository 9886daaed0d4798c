"""What an enterprise hid, looked for by another enterprise in everything the exchange answers."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from liantu.chain.units import format_number
from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from liantu.web.exchange import cases, urls
from liantu.web.exchange.models import ExchangeCase, Proposal, Statement
from tests.web.conftest import person, signed_in
from tests.web.exchange.conftest import Firm, State

pytestmark = pytest.mark.postgres

PRICE = 86.125
SECRETS = (
    "secret_sugar", "机密糖业", "Secret Sugar", "of_secret_sugar", "13812345678", "藏在备注里", "86.125",
    "86.12", "86.13", "23.0987", "109.6123",
)  # fmt: skip


@pytest.fixture
def hidden(sugar: Firm, paper: Firm, state: State) -> Statement:
    """An offer that hides name and price, beside a need that it fits."""
    state(paper, price=300.0)
    return state(
        sugar, kind="offer", price=PRICE, hide_name=True, hide_price=True, contact="王厂长 13812345678",
        note="藏在备注里", at="", lat=23.0987, lon=109.6123, park="",
    )  # fmt: skip


def everything(client: Client, case: uuid.UUID | None, statement: Statement, proposal: Proposal) -> list[str]:
    """Every address of the exchange with every key there is, in both languages, with filters and sorts."""
    keys = {"pk": [statement.pk, case or uuid.uuid4(), proposal.pk], "kind": ["csv", "xlsx"],
            "transition": ["withdraw", "supply", "remind"], "attachment": [uuid.uuid4()]}  # fmt: skip
    found = []
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        combos: list[dict[str, Any]] = [{}]
        for name in pattern.pattern.converters:
            combos = [{**c, name: value} for c in combos for value in keys[name]]
        found += [get_resolver().reverse(pattern.name, **c) for c in combos]
    paths = [f"{prefix}{path}" for path in found for prefix in ("/", "/en/")]
    lists = ["/en/exchange/statements/", "/en/exchange/cases/", "/en/exchange/proposals/",
             "/exchange/statements/export.csv"]  # fmt: skip
    sorts = ["price", "-price", "new", "-new", "quantity", "material"]
    return paths + [f"{p}?sort={s}" for p in lists[:1] for s in sorts] + [
        f"{p}?q={word}" for p in lists for word in ("机密", "Secret", "86.125", "王厂长", "13812345678")
    ]  # fmt: skip


def text_of(answer: Any) -> str:
    """What an answer says: a page, a stream, or a workbook's parts; with its headers."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return f"{dict(answer.headers)} {body.decode('utf-8', 'replace')}"


def without_echo(text: str, address: str) -> str:
    """Without what the page repeats of the address that was asked for."""
    word = address.partition("?q=")[2]
    return text.replace(word, "") if word else text


def test_nothing_hidden_shows_anywhere(
    hidden: Statement, sugar: Firm, paper: Firm, town: City, run_jobs: Callable[[], Any]
) -> None:
    need = Statement.objects.unscoped(because="a test").select_related("proposal").get(kind="need")
    assert need.proposal is not None
    force = person(Role.TASK_FORCE)
    case = cases.take(need.proposal, f"s:{hidden.pk}", city=town, by=force, transition="propose")
    told: dict[str, list[str]] = {}
    for address in everything(paper.client, case.pk, hidden, need.proposal):
        said = without_echo(text_of(paper.client.get(address)), address)
        shown = [secret for secret in SECRETS if secret in said]
        if shown:
            told[address] = shown
    assert told == {}
    page = paper.client.get(f"/en/exchange/cases/{case.pk}/").content.decode()
    assert "name hidden" in page
    assert "86.125" in sugar.client.get(f"/en/exchange/statements/{hidden.pk}/").content.decode()
    seen = signed_in(force).get(f"/en/exchange/statements/{hidden.pk}/").content.decode()
    assert "Secret Sugar Works" in seen
    assert "86.1" in seen


def test_the_match_is_proposed_without_what_is_hidden(hidden: Statement, paper: Firm) -> None:
    need = Statement.objects.unscoped(because="a test").get(kind="need")
    page = paper.client.get(f"/en/exchange/statements/{need.pk}/").content.decode()
    assert "An enterprise that does not show its name" in page
    assert "It does not show its price" in page
    assert "Where it stands is not shown" in page


def test_neither_price_nor_place_can_be_felt_out(sugar: Firm, paper: Firm, state: State) -> None:
    """A need that pays too little, or stands far away, is answered just as one that fits."""
    state(sugar, kind="offer", price=PRICE, hide_name=True, hide_price=True)
    answers = []
    for changes in ({"price": 85.0}, {"price": 87.0}, {"at": "", "lat": 50.0, "lon": 80.0, "park": ""}):
        need = state(paper, **changes)
        page = paper.client.get(f"/en/exchange/statements/{need.pk}/").content.decode()
        answers.append("An enterprise that does not show its name" in page)
        assert "CNY/t freight." not in page
    assert answers == [True, True, True]
    force = signed_in(person(Role.TASK_FORCE))
    rows = Proposal.objects.unscoped(because="a test").order_by("made_at")
    against = [p["against"] for row in rows for p in row.content["partners"] if row.statement.is_need]
    assert ["price"] in against, "the task force's match knows"
    assert force.get("/en/exchange/proposals/").status_code == 200


def test_the_number_of_options_tells_nothing_of_a_hidden_price(
    sugar: Firm, paper: Firm, state: State
) -> None:
    """The list of proposals counts them, and is sorted and exported by the count."""
    state(sugar, kind="offer", price=PRICE, hide_price=True)
    state(sugar, kind="offer", price=PRICE)
    counted = []
    for price in (PRICE - 1, PRICE + 1):
        proposal = state(paper, price=price).proposal
        assert proposal is not None
        counted.append(proposal.options - len(proposal.content["options"]))
    assert counted == [1, 2], "the hidden one counts always, the shown one where it fits"


def test_sorting_by_price_tells_nothing_of_a_hidden_one(sugar: Firm, paper: Firm, state: State) -> None:
    state(sugar, kind="offer", price=50.0, hide_price=True)
    for price in (10.0, 100.0):
        state(sugar, kind="offer", price=price)
    for sort, wanted in (("price", ["10", "100", "hidden"]), ("-price", ["100", "10", "hidden"])):
        page = paper.client.get(f"/en/exchange/statements/?sort={sort}").content.decode()
        cells = re.findall(r'<td class="num">(?:<span class="text-soft">)?(10|100|hidden)<', page)
        assert cells == wanted


@pytest.mark.parametrize("kind", ["edit", "withdraw", ""])
def test_what_is_kept_from_one_is_answered_as_what_is_not_there(
    sugar: Firm, paper: Firm, state: State, kind: str
) -> None:
    made = state(sugar)
    sugar.client.post(f"/exchange/statements/{made.pk}/withdraw/", {"version": "1"})
    tail = f"{kind}/" if kind else ""
    for method in ("get", "post"):
        there = getattr(paper.client, method)(f"/exchange/statements/{made.pk}/{tail}")
        nowhere = getattr(paper.client, method)(f"/exchange/statements/{uuid.uuid4()}/{tail}")
        assert there.status_code == nowhere.status_code
        assert there.status_code in (404, 405)
        same = [re.sub(rb"[0-9a-f-]{36}|csrf[^>]*>", b"", a.content) for a in (there, nowhere)]
        assert re.sub(rb"X-CSRFToken[^}]*", b"", same[0]) == re.sub(rb"X-CSRFToken[^}]*", b"", same[1])


def test_a_case_of_others_is_not_there_for_a_third(
    sugar: Firm, paper: Firm, state: State, town: City
) -> None:
    from tests.web.exchange.conftest import firm

    third = firm("third", "第三方", "Third Party")
    need = state(paper)
    assert need.proposal is not None
    case = cases.take(need.proposal, "e0", city=town, by=person(Role.TASK_FORCE), transition="propose")
    for tail in ("", "steps/withdraw/", f"files/{uuid.uuid4()}/"):
        assert third.client.get(f"/exchange/cases/{case.pk}/{tail}").status_code == 404
    assert third.client.post(f"/exchange/cases/{case.pk}/steps/withdraw/", {"version": 1}).status_code == 404
    assert (
        third.client.post(f"/exchange/proposals/{need.proposal.pk}/take/", {"option": "e0"}).status_code
        == 404
    )
    assert "/exchange/cases/" + str(case.pk) not in third.client.get("/exchange/cases/").content.decode()
    assert ExchangeCase.objects.unscoped(because="a test").count() == 1


def test_the_chain_of_events_holds_no_secret(hidden: Statement) -> None:
    from liantu.web.audit.models import Event

    said = " ".join(f"{e.object} {e.detail}" for e in Event.objects.all())
    assert str(hidden.pk) in said
    assert [s for s in SECRETS if s in said and s != "of_secret_sugar"] == []


def test_what_a_unit_is_worth_to_others_is_the_citys_to_know(paper: Firm, state: State, town: City) -> None:
    """An enterprise sees bands for itself; the task force the figures and who goes without."""
    for kind, per_year in (("need", 1000.0), ("offer", 50.0)):
        made = state(paper, kind=kind, per_year=per_year, material="molasses")
        assert made.proposal is not None
        content = made.proposal.content
        others = [o for o in content["options"] if o["who"] not in ("import", "export", "dump")]
        secret = {
            f'{format_number(round(o[key], 6) + 0.0)}' for o in others
            for key in ("price", "at_source", "loser_cny", "saving") if o[key]
        } - {f'{format_number(round(content["outside"] or 0.0, 6) + 0.0)}'}  # fmt: skip
        assert secret
        address = f"/en/exchange/statements/{made.pk}/"
        seen, known = paper.client.get(address), signed_in(person(Role.TASK_FORCE)).get(address)
        said = seen.content.decode()
        assert [s for s in secret if re.search(rf"(?<![\d,.–]){re.escape(s)}(?![\d,.–])", said)] == []
        assert any(s in known.content.decode() for s in secret)
        assert "Proved by solving again" not in seen.content.decode()
        for option in seen.context["proposed"].options:
            if option.between:
                row = content["options"][int(option.key[1:])]
                assert option.between[0] <= row["price"] <= option.between[1]
                assert (option.price, option.saving, option.a_year, option.loser) == (None, None, None, "")
    case = cases.take(made.proposal, "e0", city=town, by=paper.user, transition="state_offer")
    page = paper.client.get(f"/en/exchange/cases/{case.pk}/").content.decode()
    assert "–" in page.partition("Price as proposed")[2][:60]
    listed = paper.client.get("/en/exchange/proposals/").content.decode()
    assert "Best saving" not in listed
    assert paper.client.get("/en/exchange/proposals/?sort=saving").status_code == 400


def test_a_supplier_asks_for_contact_and_learns_no_hidden_name(
    sugar: Firm, paper: Firm, state: State, town: City
) -> None:
    """The need hides; the offer's side opens the case, the task force has it, either side its own."""
    need = state(paper, price=300.0, hide_name=True, contact="不给别人看")
    offer = state(sugar, kind="offer", price=100.0)
    assert offer.proposal is not None
    page = sugar.client.get(f"/en/exchange/statements/{offer.pk}/").content.decode()
    assert "Ask the task force to follow this up" in page
    take = f"/en/exchange/proposals/{offer.proposal.pk}/take/"
    assert paper.client.post(take, {"option": f"s:{need.pk}"}).status_code == 404, "not theirs to ask for"
    answer = sugar.client.post(take, {"option": f"s:{need.pk}"})
    case = ExchangeCase.objects.unscoped(because="a test").select_related("file").get()
    assert answer.url == f"/en/exchange/cases/{case.pk}/"
    assert (case.file.state, case.file.owner) == ("stated", None)
    seen = sugar.client.get(answer.url).content.decode()
    named = seen.replace(f"statements/{offer.pk}", "")
    told = ("plain_paper", "明白纸业", "Plain Paper", "不给别人看", str(offer.pk), str(offer.proposal.pk))
    assert [s for s in told if s in named] == []
    force = person(Role.TASK_FORCE)
    assert "Plain Paper Mill" in signed_in(force).get(answer.url).content.decode()
    offered = {t for t in ("take", "dispatch", "refuse")
               if f"steps/{t}/" in signed_in(force).get(answer.url).content.decode()}  # fmt: skip
    assert "take" in offered, "it waits for the task force"
    assert "steps/take/" not in seen
    given = {"version": case.file.version, "reason": "sold elsewhere"}
    assert sugar.client.post(f"{answer.url}steps/take_back/", given).status_code == 302
    rows = Statement.objects.unscoped(because="a test")
    assert rows.get(pk=offer.pk).status == "withdrawn"
    assert rows.get(pk=need.pk).status == "open", "the need is free for others"
