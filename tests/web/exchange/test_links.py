"""From the atlas to the exchange."""

from __future__ import annotations

from django.test import Client

from liantu.web.accounts.permissions import Role
from liantu.web.atlas.city import City
from tests.web.conftest import person, signed_in

NEW = "/en/exchange/statements/new/?kind="


def test_a_gap_leads_to_what_would_close_it(client: Client, guitang: City) -> None:
    """What is bought in is needed; what is dumped, or sold cheap, is offered."""
    report = guitang.gaps().report
    assert report is not None
    page = client.get("/en/gaps/?list=fill&all=1").content.decode()
    kinds = {g.kind for g in report.fill}
    assert "dump" in kinds
    for gap in report.fill:
        wanted = "offer" if gap.kind == "dump" else "need"
        assert f"{NEW}{wanted}&amp;material={gap.material}" in page
    page = client.get("/en/gaps/?list=extend&all=1").content.decode()
    assert report.extend
    for sold in report.extend:
        assert f"{NEW}offer&amp;material={sold.material}" in page


def test_a_material_leads_to_the_exchange_for_who_may_state(client: Client, guitang: City) -> None:
    assert f"{NEW}need&amp;material=bagasse" in client.get("/en/materials/bagasse/").content.decode()
    leader = signed_in(person(Role.LEADER))
    assert NEW not in leader.get("/en/materials/bagasse/").content.decode()
