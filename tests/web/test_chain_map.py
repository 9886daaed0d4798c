"""The chain map: layers, order and coordinates by law; what a filter lets through; what is drawn."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.web.atlas.chainmap.box import Box
from liantu.web.atlas.chainmap.draw import draw, thickness
from liantu.web.atlas.chainmap.graph import UTILITY, Filter, bottlenecks, family, select
from liantu.web.atlas.chainmap.layers import barycentre_orders, crossings, feedback, layer_of
from liantu.web.atlas.chainmap.place import heights, isotonic
from liantu.web.atlas.city import City
from liantu.web.atlas.selectors.maps import chain_colours
from liantu.web.kit.lettering import cut, width, wrap

EDGES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.floats(0.1, 9.0)), max_size=24)


class TestLayers:
    @given(EDGES)
    def test_what_is_left_without_the_backward_edges_has_no_cycle(
        self, edges: list[tuple[int, int, float]]
    ) -> None:
        edges = [e for e in edges if e[0] != e[1]]
        back = feedback(9, edges)
        acyclic = [(b, a, w) if k in back else (a, b, w) for k, (a, b, w) in enumerate(edges)]
        layer = layer_of(9, acyclic)
        assert all(layer[a] < layer[b] for a, b, _ in acyclic)
        assert sorted(set(layer)) == list(range(max(layer) + 1)), "no layer is empty"

    def test_a_chain_without_cycles_has_no_backward_edge(self) -> None:
        edges = [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (3, 2, 1.0)]
        assert feedback(4, edges) == set()
        assert layer_of(4, edges) == [0, 1, 2, 1], "3 stands beside what it feeds"

    def test_the_lightest_edge_of_a_cycle_goes_backward(self) -> None:
        assert feedback(3, [(0, 1, 5.0), (1, 2, 5.0), (2, 0, 1.0)]) == {2}

    def test_crossings_are_counted_and_swept_away(self) -> None:
        links = {0: [3], 1: [2], 2: [1], 3: [0]}
        assert crossings([[0, 1], [2, 3]], links) == 1
        assert crossings(barycentre_orders([[0, 1], [2, 3]], links), links) == 0


class TestHeights:
    @given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12))
    def test_the_nearest_rising_sequence_rises_and_keeps_the_mean(self, values: list[float]) -> None:
        found = isotonic(values, [1.0] * len(values))
        assert all(a <= b + 1e-9 for a, b in itertools.pairwise(found))
        assert sum(found) == pytest.approx(sum(values), abs=1e-6)

    @given(st.lists(st.floats(1, 60), min_size=2, max_size=8), st.randoms(use_true_random=False))
    def test_vertices_of_a_layer_never_touch(self, sizes: list[float], random: object) -> None:
        n = len(sizes)
        size = dict(enumerate(sizes)) | {n + i: s for i, s in enumerate(sizes)}
        gap = dict.fromkeys(size, 5.0)
        links = {v: [((v * 7 + 3) % n + (0 if v >= n else n), 1.0)] for v in size}
        orders = [list(range(n)), list(range(n, 2 * n))]
        y = heights(orders, size, gap, links)
        for order in orders:
            for u, v in itertools.pairwise(order):
                assert y[v] - size[v] / 2 >= y[u] + size[u] / 2 + 5.0 - 1e-6
        for order in orders:
            assert min(y[v] - size[v] / 2 for v in order) == pytest.approx(0, abs=1e-6), "from the top on"


def overlaps(boxes: tuple[Box, ...]) -> list[tuple[str, str]]:
    return [
        (a.node.plant.id, b.node.plant.id)
        for i, a in enumerate(boxes)
        for b in boxes[i + 1 :]
        if a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height
    ]


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("utilities", [True, False])
class TestDrawing:
    def drawings(self, city: City, labelled: bool, utilities: bool) -> list:
        chains = ["", *city.network.chains]
        graphs = [select(city, Filter(chain=c, utilities=utilities)) for c in chains]
        return [draw(g, "value", labelled, chain_colours(city)) for g in graphs]

    def test_no_two_plants_overlap_and_none_is_cut_off(
        self, jinchang: City, labelled: bool, utilities: bool
    ) -> None:
        for drawing in self.drawings(jinchang, labelled, utilities):
            assert overlaps(drawing.boxes) == []
            assert all(b.x > 0 and b.x + b.width < drawing.width for b in drawing.boxes)
            assert all(b.y > 0 and b.bottom < drawing.height for b in drawing.boxes)

    def test_no_flow_runs_behind_a_plant(self, jinchang: City, labelled: bool, utilities: bool) -> None:
        for drawing in self.drawings(jinchang, labelled, utilities):
            for wire in drawing.wires:
                for x, y in re.findall(r"L([\d.]+) ([\d.]+)", wire.path):
                    inside = [
                        b.node.plant.id
                        for b in drawing.boxes
                        if b.x < float(x) < b.x + b.width and b.y < float(y) < b.bottom
                    ]
                    assert inside == []

    def test_every_flow_begins_and_ends_at_its_plants(
        self, jinchang: City, labelled: bool, utilities: bool
    ) -> None:
        for drawing in self.drawings(jinchang, labelled, utilities):
            box = {b.node.plant.id: b for b in drawing.boxes}
            for wire in drawing.wires:
                numbers = [float(v) for v in re.findall(r"-?[\d.]+", wire.path)]
                for name, x, y in (
                    (wire.flow.source, *numbers[:2]),
                    (wire.flow.target, *numbers[-2:]),
                ):
                    b = box[name]
                    assert min(abs(x - b.x), abs(x - b.x - b.width)) < 0.2
                    assert b.y - 0.2 <= y <= b.bottom + 0.2


class TestFilter:
    def test_a_chain_shows_its_plants_and_their_neighbours(self, jinchang: City) -> None:
        graph = select(jinchang, Filter(chain="titanium"))
        inside = {n.plant.id for n in graph.nodes if n.inside}
        assert "f_rutile" in inside
        assert {jinchang.chain_of(name) for name in inside} == {"titanium"}
        outside = {n.plant.id for n in graph.nodes if not n.inside}
        assert "f_chlor_alkali" in outside
        assert all({f.source, f.target} & inside for f in graph.flows)

    def test_a_chain_counts_its_sub_chains(self, jinchang: City) -> None:
        assert {"nonferrous", "nickel", "titanium"} <= family(jinchang, "nonferrous")
        whole = {n.plant.id for n in select(jinchang, Filter(chain="nonferrous")).nodes if n.inside}
        part = {n.plant.id for n in select(jinchang, Filter(chain="nickel")).nodes if n.inside}
        assert part < whole

    def test_a_park_and_a_material_narrow_it_further(self, jinchang: City) -> None:
        graph = select(jinchang, Filter(park="hexibao_ip"))
        assert {n.park for n in graph.nodes if n.inside} == {"hexibao_ip"}
        graph = select(jinchang, Filter(material="chlorine"))
        assert {f.material.id for f in graph.flows} == {"chlorine"}
        assert all(f.value < 0 for f in graph.flows), "chlorine is a burden in the base plan"

    def test_water_and_steam_are_shown_when_asked_for(self, jinchang: City) -> None:
        assert UTILITY not in {f.kind for f in select(jinchang, Filter()).flows}
        assert UTILITY in {f.kind for f in select(jinchang, Filter(utilities=True)).flows}

    def test_every_plant_of_the_plan_is_on_the_map_of_the_city(self, jinchang: City) -> None:
        graph = select(jinchang, Filter())
        assert {n.plant.id for n in (*graph.nodes, *graph.alone)} == set(jinchang.results)

    def test_the_marks_say_what_they_promise(self, jinchang: City) -> None:
        full = bottlenecks(jinchang)
        assert len(full) == 10
        assert all(jinchang.results[p].load > 0.999 and jinchang.results[p].rent_low > 0 for p in full)
        dumps = {n.plant.id: {m.id for m in n.dumped} for n in select(jinchang, Filter()).nodes}
        assert "tailings_ni" in dumps["f_concentrator"]


class TestPage:
    def test_the_drawing_is_reached_by_the_keyboard_and_the_table_stands_beside_it(
        self, visitor: Client, jinchang: City
    ) -> None:
        page = visitor.get("/en/map/?chain=titanium").content.decode()
        assert page.count('<a href="/en/plants/') >= page.count("data-plant=")
        drawn = page.count("data-from=")
        assert f"{drawn} flows" in page
        table = page[page.index('id="table"') :]
        assert table.count("<tr>") == drawn + 1

    def test_names_of_materials_can_be_had_or_not(self, visitor: Client, jinchang: City) -> None:
        assert b'class="flow-name"' in visitor.get("/map/?chain=titanium").content
        assert b'class="flow-name"' not in visitor.get("/map/?chain=titanium&labels=0").content
        assert b'class="flow-name"' not in visitor.get("/map/").content
        assert b'class="flow-name"' in visitor.get("/map/?labels=1").content

    def test_the_whole_city_is_drawn_within_a_second(self, jinchang: City) -> None:
        start = time.perf_counter()
        draw(select(jinchang, Filter(utilities=True)), "quantity", True, chain_colours(jinchang))
        assert time.perf_counter() - start < 1.0


class TestLettering:
    @settings(max_examples=50)
    @given(st.text(alphabet="金川镍产业链（一期）abcdefg hijkWM，。", max_size=40), st.floats(40, 160))
    def test_lines_fit_and_are_at_most_two(self, text: str, room: float) -> None:
        lines = wrap(text, room, 11.5)
        assert len(lines) <= 2
        assert all(width(line, 11.5) <= room + 11.5 for line in lines)

    def test_words_stay_whole_and_chinese_breaks_anywhere(self) -> None:
        assert wrap("Sulfide-anode electrolysis", 90, 11.5) == ["Sulfide-anode", "electrolysis"]
        assert "".join(wrap("钛镍高端装备产业园", 70, 11.5)) == "钛镍高端装备产业园"
        assert cut("Nickel concentrate", 50, 11.5).endswith("…")
        assert cut("镍", 50, 11.5) == "镍"

    def test_a_flow_is_drawn_by_the_root_of_what_it_carries(self) -> None:
        assert thickness(100.0, 100.0, 11.0) == 11.0
        assert thickness(25.0, 100.0, 11.0) == 6.0
        assert thickness(0.0, 100.0, 11.0) == thickness(5.0, 0.0, 11.0) == 1.0
