"""Stages, candidates, followed materials, the Sankey without cycles, the map, what can be taken along."""

from __future__ import annotations

import io
import itertools
import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import openpyxl
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from liantu.web.atlas.chainmap.draw import draw
from liantu.web.atlas.chainmap.follow import dealers, reach
from liantu.web.atlas.chainmap.graph import select
from liantu.web.atlas.chainmap.layers import banded_layers
from liantu.web.atlas.chainmap.parts import CANDIDATE, FIRST_ORDER, PROVED, UTILITY, Filter, Graph
from liantu.web.atlas.chainmap.write import write
from liantu.web.atlas.city import City
from liantu.web.atlas.outline import LARGEST, read_outline
from liantu.web.atlas.selectors import exports, maps
from liantu.web.atlas.selectors.geo import geo_map
from liantu.web.atlas.selectors.sankey import GROUPS, sankey
from liantu.web.kit.charts import Chart, Series
from liantu.web.kit.naming import Named

EDGES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.floats(0.1, 9.0)), max_size=24)


class TestStages:
    @given(EDGES, st.lists(st.integers(0, 2), min_size=9, max_size=9))
    def test_the_stages_stand_in_order_and_what_runs_forward_leads_to_the_right(
        self, edges: list[tuple[int, int, float]], band: list[int]
    ) -> None:
        edges = [e for e in edges if e[0] != e[1]]
        layer, backward, spans = banded_layers(9, edges, band)
        for u in range(9):
            for v in range(9):
                assert band[u] >= band[v] or layer[u] < layer[v]
        for k, (a, b, _) in enumerate(edges):
            assert (layer[a] > layer[b]) if k in backward else (layer[a] < layer[b])
        assert spans[0][0] == 0
        assert all(left[1] + 1 == right[0] for left, right in itertools.pairwise(spans))

    def test_each_plant_stands_in_the_strip_of_its_stage(self, jinchang: City) -> None:
        drawing = draw(select(jinchang, Filter()), "value", False, {})
        strips = {band.stage: band for band in drawing.bands}
        assert list(strips) == ["upstream", "midstream", "downstream"]
        linked = {n.plant.id for n in select(jinchang, Filter()).nodes}
        for box in drawing.boxes:
            if box.node.plant.id in linked:
                strip = strips[box.node.stage]
                assert strip.x <= box.x <= box.x + box.width <= strip.x + strip.width

    def test_a_city_that_states_no_stage_is_laid_out_by_its_flows(self, jinchang: City) -> None:
        graph = select(jinchang, Filter())
        bare = Graph(tuple(replace(n, stage="") for n in graph.nodes), graph.flows)
        assert draw(bare, "value", False, {}).bands == ()
        assert draw(graph, "value", False, {}, staged=False).bands == ()


class TestFollow:
    def test_from_rutile_to_the_plate_only_what_lies_on_the_way_is_shown(self, jinchang: City) -> None:
        graph = select(jinchang, Filter(follow="synthetic_rutile", to="ti_plate"))
        assert {"synthetic_rutile", "ticl4", "ti_sponge", "ti_ingot"} <= {f.material.id for f in graph.flows}
        assert {jinchang.chain_of(n.plant.id) for n in graph.nodes} == {"titanium"}

    def test_a_material_that_leads_nowhere_near_another_shows_nothing(self, jinchang: City) -> None:
        graph = select(jinchang, Filter(follow="ti_plate", to="ni_ore"))
        assert graph.nodes == graph.flows == graph.alone == ()

    def test_upstream_and_downstream_are_parts_of_both_and_depth_cuts_them(self, jinchang: City) -> None:
        def plants(direction: str, depth: int = 0) -> set[str]:
            graph = select(jinchang, Filter(follow="ti_sponge", direction=direction, depth=depth))
            return {n.plant.id for n in (*graph.nodes, *graph.alone)}

        assert plants("up") | plants("down") == plants("both")
        assert plants("up", 1) == dealers(jinchang, "ti_sponge", 1)
        assert plants("up", 1) < plants("up", 2) < plants("up")

    def test_every_plant_upstream_reaches_a_maker(self, jinchang: City) -> None:
        graph = select(jinchang, Filter(follow="ti_sponge", direction="up"))
        down = {f.source: [g.target for g in graph.flows if g.source == f.source] for f in graph.flows}
        makers = dealers(jinchang, "ti_sponge", 1)
        assert all(makers & set(reach([n.plant.id], down)) for n in graph.nodes)

    def test_steps_are_counted_over_the_shortest_way(self) -> None:
        links = {"a": ["b", "c"], "b": ["c"], "c": ["d"], "d": ["a"]}
        assert reach(["a"], links) == {"a": 1, "b": 2, "c": 2, "d": 3}
        assert reach(["a"], links, 2) == {"a": 1, "b": 2, "c": 2}
        assert reach([], links) == {}


class TestFilter:
    def test_an_enterprise_counts_the_ones_that_it_owns(self, jinchang: City) -> None:
        n = jinchang.network
        inside = {x.plant.id for x in select(jinchang, Filter(enterprise="jinchuan_group")).nodes if x.inside}
        owners = {n.plants.enterprise[n.plants.index[p]] for p in inside}
        assert "jinchuan_group" in owners
        assert len(owners) > 1
        for owner in owners:
            above = owner
            while above != "jinchuan_group":
                above = n.enterprises[above].parent
                assert above, f"{owner} is not owned by the group"

    def test_the_width_may_be_energy(self, jinchang: City) -> None:
        flows = select(jinchang, Filter(utilities=True)).flows
        assert any(f.weight("energy") > 0 for f in flows)
        assert all(f.weight("energy") == f.tce for f in flows)


class TestCandidates:
    def test_without_the_proof_they_show_the_first_order_worth_and_say_so(self, jinchang: City) -> None:
        graph = select(jinchang, Filter(chain="titanium", candidates="paying"))
        worths = [n.worth for n in graph.nodes if n.worth]
        assert worths
        assert {w.basis for w in worths} == {FIRST_ORDER}
        assert all(w.cny > 0 for w in worths)
        ticl4 = next(n for n in graph.nodes if n.plant.id == "c_ticl4_500")
        assert ticl4.worth is not None
        assert 8e8 < ticl4.worth.cny < 10e8
        assert "一阶" in write(draw(graph, "value", True, {})) or "first order" in write(
            draw(graph, "value", True, {})
        )

    def test_with_the_proof_they_show_the_proved_worth(self, guitang: City) -> None:
        report = guitang.gaps().report
        assert report is not None
        graph = select(guitang, Filter(candidates="all"), report)
        found = {n.plant.id: n.worth for n in (*graph.nodes, *graph.alone) if n.worth}
        assert found
        for c in report.candidates:
            if c.id in found:
                assert (found[c.id].basis, found[c.id].cny) == (PROVED, c.worth_cny_per_year)

    def test_those_that_pay_are_some_of_all_and_none_is_there_unasked(self, jinchang: City) -> None:
        def shown(how: str) -> set[str]:
            graph = select(jinchang, Filter(candidates=how))
            return {n.plant.id for n in (*graph.nodes, *graph.alone) if n.worth}

        assert shown("") == set()
        assert set() < shown("paying") < shown("all")

    def test_their_flows_join_them_to_plants_and_hide_utilities(self, jinchang: City) -> None:
        graph = select(jinchang, Filter(candidates="all"))
        names = {n.plant.id for n in graph.nodes}
        kind = dict(zip(jinchang.network.materials.id, jinchang.network.materials.kind, strict=True))
        dashed = [f for f in graph.flows if f.kind == CANDIDATE]
        assert dashed
        assert all(f.source in names and f.target in names for f in dashed)
        assert all(kind[f.material.id] != UTILITY for f in dashed)


class TestWriting:
    def test_hostile_names_stay_text(self, jinchang: City) -> None:
        graph = select(jinchang, Filter(chain="titanium"))
        bad = Named('f_rutile"><script>', "<script>alert(1)</script>", "\"'><img src=x>")
        nodes = tuple(replace(n, plant=bad, chain="") for n in graph.nodes[:1])
        text = write(draw(Graph(nodes, ()), "value", True, {}))
        assert "<script" not in text
        assert "<img" not in text

    def test_each_plant_says_load_and_local_price(self, visitor: Client, jinchang: City) -> None:
        page = visitor.get("/en/map/?chain=titanium").content.decode()
        title = re.search(r'data-plant="f_rutile"><title>([^<]*)', page)
        assert title is not None
        assert "Load 75.3%" in title[1]
        assert re.search(r"Local price: Synthetic rutile[^\n]* CNY/t", title[1])


class TestSankey:
    @pytest.mark.parametrize("group", GROUPS)
    @pytest.mark.parametrize("outside", [False, True])
    @pytest.mark.parametrize("by", maps.WIDTHS)
    def test_it_has_no_cycle_and_loses_nothing(
        self, jinchang: City, group: str, outside: bool, by: str
    ) -> None:
        found = sankey(jinchang, Filter(by=by), group, outside)
        links = found.spec["links"]
        names = {n["id"] for n in found.spec["nodes"]}
        left = [(k["source"], k["target"]) for k in links]
        assert {end for pair in left for end in pair} == names
        while left:
            sources = {a for a, _ in left} - {b for _, b in left}
            assert sources, "a cycle is left"
            left = [(a, b) for a, b in left if a not in sources]
        if group == "plant" and not outside:
            drawn = sum(k["value"] for k in links)
            assert drawn == pytest.approx(sum(f.weight(by) for f in found.flows if f.source != f.target))

    def test_what_would_close_a_cycle_ends_at_a_mark_and_is_counted(self, jinchang: City) -> None:
        found = sankey(jinchang, Filter(), "chain", False)
        marks = [n for n in found.spec["nodes"] if n["kind"] == "back"]
        assert marks
        assert all(n["name"].startswith("↩ ") for n in marks)
        assert len(found.back) >= len(marks)
        assert 0 < found.back_share < 0.2
        assert {f"back:{k.target}" for k in found.back} == {n["id"] for n in marks}

    def test_the_page_says_what_it_leaves_out(self, visitor: Client, jinchang: City) -> None:
        page = visitor.get("/en/map/sankey/").content.decode()
        assert "A Sankey diagram can't show a cycle." in page
        spec = json.loads(
            re.search(r'<script id="sankey-data" type="application/json">(.*?)</script>', page)[1]
        )  # type: ignore[index]
        assert spec["kind"] == "sankey"
        assert visitor.get("/map/sankey/?group=colour").status_code == 400
        assert (
            "Nothing in the plan" in visitor.get("/en/map/sankey/?follow=ti_plate&to=ni_ore").content.decode()
        )


SQUARE = [[102.0, 38.0], [102.5, 38.0], [102.5, 38.5], [102.0, 38.5], [102.0, 38.0]]


def feature(*rings: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"name": "X"},
        "geometry": {"type": "Polygon", "coordinates": rings},
    }


def file_of(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


class TestOutline:
    def test_a_good_one_gives_its_extent_and_its_review_number(self) -> None:
        outline, problems = read_outline(file_of(feature(SQUARE), 审图号="甘S(2026)001号"))
        assert problems == ()
        assert outline is not None
        assert (outline.west, outline.south, outline.east, outline.north) == (102.0, 38.0, 102.5, 38.5)
        assert outline.review == "甘S(2026)001号"

    def test_all_problems_are_told_at_once_each_with_its_place(self) -> None:
        _, problems = read_outline(
            file_of(
                feature(SQUARE[:-1]),
                feature([[102, 38], [500, 38], ["x", 1], [102, 38]]),
                feature([[1, 2]]),
                {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}},
                "nothing",
                crs={"type": "name", "properties": {"name": "EPSG:3857"}},
            )
        )
        places = [p.place for p in problems]
        assert places == [
            "crs",
            "features[0].geometry.coordinates[0]",
            "features[1].geometry.coordinates[0][1]",
            "features[1].geometry.coordinates[0][2]",
            "features[2].geometry.coordinates[0]",
            "features[3].geometry",
            "features[4].geometry",
        ]
        assert all(p.found and p.fix for p in problems)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xff\xfe",
            b"[]",
            b"{}",
            b"null",
            b'{"type":"FeatureCollection","features":[]}',
            b'{"type":"Polygon","coordinates":[]}',
            b'{"type":"Polygon","coordinates":[[[NaN,1],[1,1],[1,2],[NaN,1]]]}',
            b'{"type":"Polygon","coordinates":[[[1e999,1],[1,1],[1,2],[1,1]]]}',
            b'{"type":"Polygon","coordinates":[[[' + b"9" * 400 + b",1],[1,1],[1,2],[1,1]]]}",
            b'{"type":"Polygon","coordinates":' + b"[" * 5000 + b"]" * 5000 + b"}",
            b" " * (LARGEST + 1),
        ],
    )
    def test_junk_is_refused_with_a_reason(self, content: bytes) -> None:
        outline, problems = read_outline(content)
        assert outline is None
        assert problems

    @given(st.recursive(st.none() | st.floats() | st.text(max_size=5), lambda x: st.lists(x, max_size=5)))
    def test_no_geometry_makes_it_fail(self, coordinates: object) -> None:
        for kind in ("Polygon", "MultiPolygon"):
            content = json.dumps({"type": kind, "coordinates": coordinates}).encode()
            outline, problems = read_outline(content)
            assert (outline is None) == bool(problems)


class TestGeo:
    def test_every_place_and_flow_lies_in_the_frame(self, jinchang: City) -> None:
        outline, _ = read_outline(file_of(feature(SQUARE)))
        for level in ("park", "plant"):
            made = geo_map(jinchang, Filter(), level, outline)
            (west, north), (east, south) = made.spec["bounds"]
            points = [(p["lon"], p["lat"]) for p in made.spec["points"]]
            assert points
            assert all(west <= lon <= east and south <= lat <= north for lon, lat in (*points, *SQUARE))
            assert all(tuple(k[end]) in points for k in made.spec["lines"] for end in ("from", "to"))

    def test_the_page_draws_the_outline_that_is_set_and_says_where_one_is_bad(
        self, visitor: Client, jinchang: City, settings: object, tmp_path: object
    ) -> None:
        assert "No outline of the city is set" in visitor.get("/en/map/geo/").content.decode()
        path = tmp_path / "city.geojson"  # type: ignore[operator]
        path.write_bytes(file_of(feature(SQUARE)))
        settings.OUTLINE_FILE = str(path)  # type: ignore[attr-defined]
        page = visitor.get("/en/map/geo/").content.decode()
        assert "states no review number" in page
        assert '"coordinates": [[[102.0, 38.0]' in page
        path.write_bytes(file_of(feature(SQUARE[:-1])))
        page = visitor.get("/en/map/geo/").content.decode()
        assert "The outline that is set can't be used" in page
        assert "features[0].geometry.coordinates[0]" in page
        path.unlink()
        assert visitor.get("/en/map/geo/").status_code == 200


class TestExports:
    def test_the_svg_stands_by_itself_with_title_legend_and_source(
        self, visitor: Client, jinchang: City
    ) -> None:
        answer = visitor.get("/map/drawing.svg?chain=titanium&candidates=paying")
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="jinchang-chain-map.svg"'
        root = ElementTree.fromstring(answer.content)
        text = " ".join(root.itertext())
        assert "金昌" in text
        assert jinchang.network.digest[:12] in text
        assert "var(" not in text, "other programs read no variables"
        assert ".box rect.body { fill: #fff;" in text
        assert ".wire.byproduct { stroke: #0b8a72; }" in text
        assert float(root.attrib["height"]) > 200

    def test_the_workbook_holds_every_flow_and_no_formula(self, visitor: Client, jinchang: City) -> None:
        answer = visitor.get("/en/map/table.xlsx?chain=titanium")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        flows = select(jinchang, Filter(chain="titanium")).flows
        assert book["Flows"].max_row == len(flows) + 1
        assert {c.data_type for sheet in book for row in sheet for c in row} <= {"s", "n"}

    def test_a_name_that_begins_like_a_formula_stays_text(self, jinchang: City) -> None:
        drawn = maps.chain_map(jinchang, Filter(chain="titanium"))
        bad = Named("x", "=1+1", '=HYPERLINK("http://x")')
        flows = tuple(replace(f, material=bad) for f in drawn.flows)
        content = exports.workbook(jinchang, drawn.wanted, replace(drawn, flows=flows))
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
        cells = [sheet.cell(row, 1) for row in range(2, sheet.max_row + 1)]
        assert {c.data_type for c in cells} == {"s"}
        assert str(cells[0].value).startswith("=")

    def test_the_table_sorts_searches_and_carries_the_filter(self, visitor: Client, jinchang: City) -> None:
        page = visitor.get("/en/map/table/?chain=titanium&q=chlorine&sort=km").content.decode()
        assert "chain=titanium" in page
        rows = page[page.index('id="table"') :].count("/materials/chlorine/")
        assert rows >= 1
        assert visitor.get("/map/table/?sort=colour").status_code == 400


class TestChart:
    def test_its_table_has_the_figures_of_its_drawing(self) -> None:
        series = (Series("a", (1.0, None)), Series("b", (2.0, float("nan"))))
        chart = Chart("c", "line", "Title", "t", ("2024", "2025"), series)
        assert [s["values"] for s in chart.spec["series"]] == [[1.0, None], [2.0, None]]  # type: ignore[attr-defined]
        assert chart.rows == [("2024", ("1", "2")), ("2025", ("–", "–"))]

    def test_a_series_of_another_length_is_refused(self) -> None:
        with pytest.raises(ValueError, match="1 values for 2 categories"):
            Chart("c", "bar", "T", "t", ("a", "b"), (Series("x", (1.0,)),))
