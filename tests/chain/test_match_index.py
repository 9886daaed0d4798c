"""An index of offers answers as a look at every offer does, whatever came, changed and went before."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.chain import match_index, match_index_shelf
from liantu.chain.match_index import Ask, Form, Lane, MatchIndex, Offers
from liantu.chain.network import great_circle_km
from tests.laws import tried

POINTS = [
    (0.0, 0.0), (0.0, 180.0), (0.0, -180.0), (12.5, 179.9995), (12.5, -179.9995), (-12.5, -0.0005),
    (90.0, 0.0), (90.0, 77.0), (-90.0, 10.0), (38.5, 102.2), (38.5, 102.2), (38.5001, 102.2), (-38.5, -77.8),
]  # fmt: skip
"""The date line from both sides, the poles by several names, antipodes of each other, one place twice."""
FARTHEST = float(great_circle_km(*(np.array([v]) for v in (0.0, 0.0, 0.0, 180.0)))[0])
LANES = (
    (Lane(0.5, 300.0), Lane(0.1, math.inf, 40.0)),
    (Lane(1.0, FARTHEST),),
    (Lane(0.0, 5_000.0),),
    (),
)
TIES = [-20.0, 10.0, 10.0000003, 10.0000007, 50.0]
"""Two differ by less than what tells offers apart."""


@pytest.fixture(autouse=True)
def _small_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_index_shelf, "SLOTS", 6)
    monkeypatch.setattr(match_index_shelf, "FILL", 4)
    monkeypatch.setattr(match_index, "FIRST", 1)
    monkeypatch.setattr(match_index, "GROWTH", 1)


class Book:
    """Offers in a plain dict beside the index; every answer is looked for among all of them."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.ties = bool(self.rng.random() < 0.5)
        self.index = MatchIndex(LANES)
        self.rows: dict[int, dict[str, float]] = {}

    def add(self, n: int) -> None:
        rng = self.rng
        place = self.places(n)
        offers = Offers(
            material=rng.integers(len(LANES), size=n),
            quantity=rng.uniform(0.1, 5.0, n),
            price=self.prices(n),
            lat=place[:, 0],
            lon=place[:, 1],
            purity=np.where(rng.random(n) < 0.2, np.nan, rng.choice([0.5, 0.9, 0.99], n)),
            kind=rng.integers(3, size=n),
            held=rng.random(n) < 0.3,
            group=rng.integers(4, size=n),
            name=[f"o{rng.integers(20)}" for _ in range(n)],
        )
        for k, h in enumerate(self.index.add(offers).tolist()):
            self.rows[h] = {name: column[k] for name, column in vars(offers).items()}

    def places(self, n: int) -> np.ndarray:
        rng = self.rng
        some = np.column_stack([rng.uniform(30, 40, n), rng.uniform(95, 110, n)])
        return np.where(rng.random((n, 1)) < 0.4, np.array(POINTS)[rng.integers(len(POINTS), size=n)], some)

    def prices(self, n: int) -> np.ndarray:
        rng = self.rng
        return rng.choice(TIES, n) if self.ties else rng.lognormal(3, 1, n) - 10

    def remove(self, n: int) -> None:
        gone = self.rng.permutation(list(self.rows))[:n].tolist()
        self.index.remove(gone)
        for h in gone:
            del self.rows[h]

    def change(self) -> None:
        rng = self.rng
        for h in rng.permutation(list(self.rows))[:8].tolist():
            price, quantity, purity = (
                float(self.prices(1)[0]),
                float(rng.uniform(0.1, 9)),
                float(rng.random()),
            )
            place = tuple(self.places(1)[0].tolist()) if rng.random() < 0.5 else None
            self.index.change(h, price=price, quantity=quantity, purity=purity, place=place)
            self.rows[h] |= {"price": price, "quantity": quantity, "purity": purity}
            if place is not None:
                self.rows[h] |= dict(zip(("lat", "lon"), place, strict=True))

    def ask(self) -> Ask:
        rng = self.rng
        lat, lon = self.places(1)[0].tolist()
        material = rng.permutation(len(LANES))[: rng.integers(1, 3)].tolist()
        return Ask(
            forms=tuple(Form(m, float(u)) for m, u in zip(material, rng.choice([1.0, 0.7], 2), strict=False)),
            quantity=float(rng.uniform(0.1, 40)),
            lat=lat,
            lon=lon,
            purity=[None, 0.5, 0.9][rng.integers(3)],
            most=[math.inf, 60.0, -100.0][rng.choice(3, p=[0.6, 0.3, 0.1])],
            most_held=[math.inf, 40.0][rng.integers(2)],
            without=frozenset(rng.integers(4, size=1).tolist()) if rng.random() < 0.3 else frozenset(),
        )

    def expected(self, ask: Ask) -> list[tuple[float, float, float, str, int, int, float]]:
        """Every eligible offer in order: (rounded cost, kind, km, name, form, handle, quantity)."""
        out = []
        for form, (material, units) in enumerate(ask.forms):
            for h, row in self.rows.items():
                if row["material"] != material or row["group"] in ask.without:
                    continue
                here = (np.array([v]) for v in (row["lat"], row["lon"], ask.lat, ask.lon))
                km = float(great_circle_km(*here)[0])
                ways = [lane.fixed + lane.rate * km for lane in LANES[material] if km <= lane.reach]
                pure = ask.purity is None or row["purity"] >= ask.purity - 1e-12
                if ways and pure:
                    cost = row["price"] * units + min(ways) * units
                    if cost <= ask.most and (cost <= ask.most_held or not row["held"]):
                        key = (round(float(cost), 6), row["kind"], km, str(row["name"]), form, h)
                        out.append((*key, row["quantity"] / units))
        return sorted(out)


@tried(90)
@given(st.integers(0, 2**32 - 1), st.integers(0, 120))
def test_the_first_are_those_of_a_look_at_all(seed: int, size: int) -> None:
    book = Book(seed)
    book.add(size)
    for turn in range(4):
        book.change()
        book.remove(int(book.rng.integers(0, 1 + len(book.rows) // (1 + turn))))
        book.add(int(book.rng.integers(0, 12)))
        book.change()
        assert len(book.index) == len(book.rows)
        ask, most = book.ask(), int(book.rng.integers(1, 9))
        every = book.expected(ask)
        found = book.index.first(ask, most)
        assert found.handle.tolist() == [e[5] for e in every[:most]]
        assert [round(v, 6) for v in found.delivered.tolist()] == [e[0] for e in every[:most]]
        assert found.km.tolist() == [e[2] for e in every[:most]]
        assert [book.index.name(h) for h in found.handle.tolist()] == [e[3] for e in every[:most]]
        assert len(book.index.first(ask, len(book.rows) + 1)) == len(every)


@tried(60)
@given(st.integers(0, 2**32 - 1), st.integers(0, 80))
def test_a_cover_takes_the_first_until_it_is_full(seed: int, size: int) -> None:
    book = Book(seed)
    book.add(size)
    ask = book.ask()
    left, expected = ask.quantity, []
    for *_, handle, quantity in book.expected(ask):
        if left > 0:
            expected.append((handle, min(quantity, left)))
            left -= quantity
    found = book.index.cover(ask)
    assert found.handle.tolist() == [h for h, _ in expected]
    assert found.quantity == pytest.approx([q for _, q in expected])
    assert found.delivered == pytest.approx(found.source + found.freight)


def test_a_large_index_opens_a_small_part_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty thousand offers: the answer is the sorted look at all, and 97 in 100 are never looked at."""
    monkeypatch.setattr(match_index_shelf, "SLOTS", 64)
    monkeypatch.setattr(match_index_shelf, "FILL", 48)
    monkeypatch.setattr(match_index, "FIRST", 8)
    monkeypatch.setattr(match_index, "GROWTH", 4)
    rng = np.random.default_rng(4)
    n, lane = 40_000, Lane(0.3, 300.0)
    lat, lon, price = rng.uniform(20, 45, n), rng.uniform(80, 125, n), rng.lognormal(5, 0.3, n)
    index = MatchIndex([(lane,)])
    index.add(Offers(np.zeros(n, dtype=np.int64), np.ones(n), price, lat, lon))
    looked_at = 0
    judged = MatchIndex._judged

    def counting(self: MatchIndex, ask: Ask, form: int, handle: np.ndarray) -> object:
        nonlocal looked_at
        looked_at += len(handle)
        return judged(self, ask, form, handle)

    monkeypatch.setattr(MatchIndex, "_judged", counting)
    for _ in range(10):
        at = rng.uniform(20, 45), rng.uniform(80, 125)
        km = great_circle_km(lat, lon, np.array([at[0]]), np.array([at[1]]))
        cost = np.where(km <= lane.reach, price + lane.rate * km, np.inf)
        found = index.first(Ask((Form(0),), 1.0, *at), 20)
        assert found.handle.tolist() == np.argsort(cost, kind="stable")[:20].tolist()
    assert looked_at < 10 * 0.03 * n


def test_what_can_not_be_an_offer_is_refused_and_what_is_gone_stays_gone() -> None:
    index = MatchIndex(LANES)
    one = np.array([1.0])
    (h,) = index.add(Offers(np.array([1]), one, one, one, one, name=["a"])).tolist()
    with pytest.raises(ValueError, match="finite"):
        index.add(Offers(np.array([1]), one, one * np.nan, one, one))
    with pytest.raises(ValueError, match="lanes"):
        index.add(Offers(np.array([len(LANES)]), one, one, one, one))
    with pytest.raises(ValueError, match="lengths"):
        index.add(Offers(np.array([1, 1]), one, one, one, one))
    with pytest.raises(ValueError, match="finite"):
        index.change(h, place=(math.nan, 1.0))
    index.remove([h])
    for spoiled in (lambda: index.remove([h]), lambda: index.change(h, price=1.0), lambda: index.remove([9])):
        with pytest.raises(KeyError):
            spoiled()
    assert len(index) == 0
    assert len(index.first(Ask((Form(1),), 1.0, 1.0, 1.0), 3)) == 0
    (again,) = index.add(Offers(np.array([1]), one, one, one, one)).tolist()
    assert again != h


def test_the_example_in_its_description_holds() -> None:
    result = doctest.testmod(match_index)
    assert result.attempted > 5
    assert result.failed == 0
