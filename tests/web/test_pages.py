"""Every page in both languages, and what stands on it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from liantu.web.atlas.city import City, GapState
from tests.web.stored import stored_city

JINCHANG_PAGES = [
    ("/", "总览", "Overview"),
    ("/map/", "产业链图谱", "Chain map"),
    ("/map/?chain=titanium&by=quantity&utilities=1", "四氯化钛车间", "TiCl4"),
    ("/map/?material=chlorine", "氯气", "Chlorine"),
    ("/map/?plant=f_rutile", "合成金红石", "rutile"),
    ("/plants/", "80 套装置", "80 plants"),
    ("/plants/?show=candidate&sort=-capacity", "46 套装置", "46 plants"),
    ("/plants/?q=金红石", "1 套装置", "1 plant"),
    ("/plants/f_chlor_alkali/", "离子膜烧碱系统", "Membrane caustic system"),
    ("/plants/c_ticl4_500/", "46万吨四氯化钛", "460 kt TiCl4"),
    ("/recipes/ticl4_chlorination/", "计划外的装置", "Candidates, and plants outside the plan"),
    ("/materials/", "224 种物料", "224 materials"),
    ("/materials/?kind=ore&sort=-price", "10 种物料", "10 materials"),
    ("/materials/chlorine/", "谁生产", "Who makes it"),
    ("/materials/air/", "方案中没有装置生产、使用或运输它", "Nothing in the plan makes, uses or moves it"),
    ("/gaps/", "计算中", "Being computed"),
    ("/gaps/proofs/c_ppa/", "计算中", "Being computed"),
    ("/match/", "供需匹配", "Match supply and demand"),
    ("/circular/", "固废综合利用率", "Use of solid waste"),
    ("/plan/", "证书", "Certificate"),
    ("/plan/prices/?material=chlorine&sort=low", "多一单位之所得", "One unit more brings"),
    ("/sources/", "数据从哪里来", "Where the figures come from"),
]


def text(page: str) -> str:
    """What a reader sees of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.mark.parametrize(("address", "zh", "en"), JINCHANG_PAGES)
def test_a_page_speaks_both_languages(
    visitor: Client, jinchang: City, address: str, zh: str, en: str
) -> None:
    for prefix, lang, expected in (("", "zh-Hans", zh), ("/en", "en", en)):
        answer = visitor.get(prefix + address)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'<html lang="{lang}">' in page
        assert expected in text(page)
        assert not re.search(r"\{\{|\{%|None\b(?!\.)|\bnan\b", text(page))


def test_an_english_page_has_no_chinese_sentence(visitor: Client, jinchang: City) -> None:
    """Names of sources and the switch of language are all that is left in Chinese."""
    for address, _zh, _en in JINCHANG_PAGES:
        if address.startswith(("/sources", "/plants/?q")):
            continue
        page = visitor.get("/en" + address).content.decode().replace("中文", "").replace("补链", "")
        assert re.findall(r"[一-鿿]+", text(page)) == [], address


def test_the_desk_shows_the_city_at_a_glance(visitor: Client, jinchang: City) -> None:
    page = text(visitor.get("/").content.decode())
    assert "187.7 亿元 /年" in page.replace("亿元/年", "亿元 /年")
    assert "有色金属新材料" in page
    assert "任何方案的年价值都不可能超过 187.7 亿元" in page


def test_each_figure_of_the_desk_leads_to_its_page(visitor: Client, guitang: City) -> None:
    page = visitor.get("/en/").content.decode()
    main = page[page.index("<main") :]
    links = set(re.findall(r'href="(/[^"#]*)', main))
    assert {"/en/plan/", "/en/circular/", "/en/map/", "/en/gaps/?list=fill"} <= links
    assert {visitor.get(link.replace("&amp;", "&")).status_code for link in links} == {200}


def test_a_plant_shows_its_balanced_recipe_and_its_prices(visitor: Client, jinchang: City) -> None:
    page = text(visitor.get("/en/plants/f_rutile/").content.decode())
    assert "Out less in, of the larger (%)" in page
    assert "Ti (t)" in page
    assert re.search(r"Chlorine|Synthetic rutile", page)
    page = text(visitor.get("/en/plants/f_chlor_alkali/").content.decode())
    assert "-928" in page, "chlorine is a burden at the chlor-alkali plant"


def test_a_material_leads_up_and_down_the_chain(visitor: Client, jinchang: City) -> None:
    page = visitor.get("/en/materials/ticl4/").content.decode()
    assert "/en/materials/synthetic_rutile/" in page
    assert "/en/materials/chlorine/" in page
    assert "/en/plants/c_tio2_chloride/" in page


def test_the_gap_lists_open_to_their_proofs(visitor: Client, guitang: City) -> None:
    report = guitang.gaps().report
    assert report is not None
    for name in ("fill", "extend", "strengthen"):
        page = visitor.get(f"/en/gaps/?list={name}&all=1").content.decode()
        links = sorted(set(re.findall(r'href="(/en/gaps/proofs/[^"]+)"', page)))
        assert links
        proof = text(visitor.get(links[0]).content.decode())
        assert "Proved worth" in proof
        assert "Plants that run otherwise" in proof
    best = report.fill[0]
    assert f"{best.worth_cny_per_year / 1e6:,.2f}" in visitor.get("/en/gaps/").content.decode()


def test_gaps_that_failed_say_so_and_do_not_ask_again(
    visitor: Client, guitang: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(City, "gaps", lambda self: GapState(failed=True))
    for address in ("/en/gaps/", "/en/"):
        page = visitor.get(address).content.decode()
        assert "could not be computed" in page
        assert 'http-equiv="refresh"' not in page


def test_gaps_on_their_way_tell_how_far_they_are(
    visitor: Client, guitang: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(City, "gaps", lambda self: GapState(done=7, total=30))
    page = visitor.get("/en/gaps/").content.decode()
    assert "7 of 30 steps" in page
    assert '<meta http-equiv="refresh"' in page


def test_a_need_is_answered_with_options_and_near_misses(visitor: Client, jinchang: City) -> None:
    stated = {"kind": "need", "material": "chlorine", "quantity": "100000", "at": "jinchang_etdz"}
    page = text(visitor.get("/en/match/", stated).content.decode())
    assert "Who can supply it" in page
    assert "Membrane caustic system" in page
    assert "Near misses" in page
    assert "Proved by solving again" in page


def test_an_offer_is_answered_with_outlets(visitor: Client, jinchang: City) -> None:
    stated = {"kind": "offer", "material": "red_gypsum", "quantity": "1e5", "at": "f_rutile", "purity": ""}
    page = text(visitor.get("/match/", stated).content.decode())
    assert "谁能消纳" in page
    assert "处置" in page


def test_a_plan_with_something_amiss_says_so_first(
    visitor: Client, jinchang: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from liantu import runs

    found = (runs.Finding("shortage", "chlorine", "city", 5.0, unit="t/y"),)
    monkeypatch.setattr(runs, "findings", lambda plan: found)
    for address in ("/en/", "/en/plan/"):
        page = visitor.get(address).content.decode()
        assert 'class="alert alert-warning"' in page
        assert "Chlorine falls short" in text(page)


def test_the_other_language_is_the_same_page_with_the_same_filters(visitor: Client, jinchang: City) -> None:
    page = visitor.get("/map/?chain=nickel&by=quantity").content.decode()
    assert 'href="/en/map/?chain=nickel&amp;by=quantity" lang="en"' in page
    page = visitor.get("/en/map/?chain=nickel&by=quantity").content.decode()
    assert 'href="/map/?chain=nickel&amp;by=quantity" lang="zh-Hans"' in page


def test_a_list_sorts_both_ways(visitor: Client, jinchang: City) -> None:
    for sort, first in (("-margin", "其他矿区"), ("margin", None)):
        page = visitor.get("/plants/", {"sort": sort}).content.decode()
        names = re.findall(r'<td><a href="/plants/[^"]+">([^<]+)', page)
        assert len(names) == 80
        assert first is None or names[0].startswith(first)
    assert 'aria-sort="ascending"' in page


@pytest.mark.parametrize("name", ["guitang", "first-city", "first-city/first-city.xlsx"])
def test_any_city_is_shown(visitor: Client, name: str) -> None:
    n = stored_city(name, with_gaps=True).network
    addresses = ["/", "/map/", "/gaps/", "/circular/", "/plan/", "/plan/prices/", "/sources/", "/match/"]
    addresses += [f"/plants/{p}/" for p in n.plants.id] + [f"/materials/{m}/" for m in n.materials.id[::4]]
    wrong = {a: visitor.get(a).status_code for a in addresses if visitor.get(a).status_code != 200}
    assert wrong == {}
