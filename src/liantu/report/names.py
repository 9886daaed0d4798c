"""What things are called in the language spoken. An id that has no name is its own name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from liantu.chain.network import Network
from liantu.i18n import EN, current_language
from liantu.i18n import gettext as _


class Names:
    """The names of a network's things, in the language that is spoken when they are asked for."""

    def __init__(self, network: Network, other: Network | None = None) -> None:
        """`other` is asked for what `network` does not have: a second city that it is compared with."""
        self.network = network
        self.other = None if other is None else Names(other)

    def material(self, key: str) -> str:
        """A material."""
        m = self.network.materials
        if key not in m.index and self.other:
            return self.other.material(key)
        return self._of(key, m.index.get(key), m.name_zh, m.name_en)

    def recipe(self, key: str) -> str:
        """A recipe."""
        r = self.network.recipes
        return self._of(key, r.index.get(key), r.name_zh, r.name_en)

    def plant(self, key: str) -> str:
        """A plant or a candidate."""
        p = self.network.plants
        kind, _colon, rest = key.partition(":")
        if key not in p.index and kind == "new":  # a known recipe that nobody proposed: new:RECIPE@PARK
            recipe, _at, park = rest.partition("@")
            said = {"recipe": self.recipe(recipe), "park": self.park(park)}
            return _("new %(recipe)s, %(park)s") % said if park else _("new %(recipe)s") % said
        if key not in p.index and self.other:
            return self.other.plant(key)
        return self._of(key, p.index.get(key), p.name_zh, p.name_en)

    def plant_unit(self, key: str) -> str:
        """Unit of a plant's reference product; '' where the plant is not known."""
        n = self.network
        f = n.plants.index.get(key)
        if f is not None:
            return n.materials.unit[n.recipes.reference[n.plants.recipe[f]]]
        if self.other and key in self.other.network.plants.index:
            return self.other.plant_unit(key)
        recipe = n.recipes.index.get(key.removeprefix("new:").partition("@")[0])
        return "" if recipe is None else n.materials.unit[n.recipes.reference[recipe]]

    def place(self, key: str) -> str:
        """A place of a plan: a plant, the city's pool, 'park:ID', 'demand:ID' or 'cap:ID'."""
        kind, colon, name = key.partition(":")
        known = key in self.network.plants.index or (self.other and key in self.other.network.plants.index)
        if known:
            return self.plant(key)
        if key == "city":
            return _("whole city")
        if colon and kind == "park":
            return self.park(name)
        if colon and kind == "demand":
            return _("demand %(name)s") % {"name": name}
        if colon and kind == "cap":
            return self.cap(name)
        return key

    def park(self, key: str) -> str:
        """A park."""
        zh, en, *_rest = self.network.parks.get(key, (key, key))
        return _pick(zh, en)

    def chain(self, key: str) -> str:
        """An industrial chain; '' is what belongs to none."""
        zh, en, _parent = self.network.chains.get(key, (key, key, ""))
        return _pick(zh, en) if key else _("no chain")

    def enterprise(self, key: str) -> str:
        """An enterprise; '' is what belongs to none."""
        found = self.network.enterprises.get(key)
        if found is not None:
            return _pick(found.name_zh, found.name_en)
        return key or _("no enterprise")

    def cap(self, key: str) -> str:
        """A city cap; the cap of a single material says which way it goes."""
        cap = self._caps.get(key)
        if cap is None:
            return self.other.cap(key) if self.other else key
        name = _pick(cap[0], cap[1])
        if key.startswith("buy_cap:"):
            return _("%(material)s: bought at most") % {"material": name}
        if key.startswith("sell_cap:"):
            return _("%(material)s: sold at most") % {"material": name}
        return name

    def anything(self, key: str) -> str:
        """The first of material, plant, recipe, place that has this id."""
        for index, name in (
            (self.network.materials.index, self.material),
            (self.network.plants.index, self.plant),
            (self.network.recipes.index, self.recipe),
        ):
            if key in index:
                return name(key)
        if key in self._caps:
            return self.cap(key)
        if key in self.network.parks:
            return self.park(key)
        return self.plant(key) if key.startswith("new:") else self.place(key)

    def unit(self, material: str) -> str:
        """Unit of a material; '' where it is not known."""
        i = self.network.materials.index.get(material)
        if i is None:
            return self.other.unit(material) if self.other else ""
        return self.network.materials.unit[i]

    @cached_property
    def _caps(self) -> dict[str, tuple[str, str]]:
        return {cap.id: (cap.name_zh, cap.name_en) for cap in self.network.caps}

    def _of(self, key: str, i: int | None, zh: tuple[str, ...], en: tuple[str, ...]) -> str:
        return key if i is None else _pick(zh[i], en[i])


def _pick(zh: str, en: str) -> str:
    return en if current_language() == EN else zh


WORDS: dict[str, Callable[[], str]] = {
    "buy": lambda: _("bought"),
    "sell": lambda: _("sold"),
    "dump": lambda: _("dumped"),
    "vent": lambda: _("vented"),
    "short": lambda: _("short"),
    "energy": lambda: _("energy bought"),
    "land": lambda: _("land"),
    "share": lambda: _("least share"),
    "pipe": lambda: _("pipe"),
    "site": lambda: _("on site"),
    "conveyor": lambda: _("conveyor"),
    "grid": lambda: _("grid"),
    "road": lambda: _("road"),
    "rail": lambda: _("rail"),
    "pool": lambda: _("shared network"),
    "none": lambda: _("not moved"),
    "ok": lambda: _("ok"),
    "trace": lambda: _("trace"),
    "flagged": lambda: _("flagged"),
    "broken": lambda: _("broken"),
    "fill": lambda: _("fill"),
    "extend": lambda: _("extend"),
    "strengthen": lambda: _("strengthen"),
    "operating": lambda: _("operating"),
    "building": lambda: _("under construction"),
    "planned": lambda: _("planned"),
    "closed": lambda: _("closed"),
    "candidate": lambda: _("candidate"),
    "capacity": lambda: _("capacity"),
    "cap": lambda: _("city cap"),
    "activity": lambda: _("activity"),
    "import": lambda: _("bought in"),
    "export": lambda: _("sold outside"),
    "market": lambda: _("the market"),
    "sale": lambda: _("a sale"),
    "purchase": lambda: _("a purchase"),
    "idle capacity": lambda: _("idle capacity"),
    "bought": lambda: _("bought"),
    "sold": lambda: _("sold"),
    "dumped": lambda: _("dumped"),
    "shortage": lambda: _("a shortage"),
    "vented": lambda: _("vented"),
    "no_local_maker": lambda: _("nobody makes it here"),
    "no_local_user": lambda: _("nobody uses it here"),
    "too_far": lambda: _("too far"),
    "dearer_here": lambda: _("dearer here"),
    "freight": lambda: _("freight"),
    "other_cost": lambda: _("other cost"),
    "capital_charge": lambda: _("capital charge"),
    "demand": lambda: _("committed demand"),
    "sales": lambda: _("sales"),
    "purchases": lambda: _("purchases"),
    "internal_sales": lambda: _("sales in the city"),
    "internal_purchases": lambda: _("purchases in the city"),
    "dumping": lambda: _("dumping"),
    "new": lambda: _("new"),
    "gone": lambda: _("gone"),
    "starts": lambda: _("starts"),
    "stops": lambda: _("stops"),
    "up": lambda: _("up"),
    "down": lambda: _("down"),
    "appears": lambda: _("appears"),
    "vanishes": lambda: _("vanishes"),
    "begins": lambda: _("begins to bind"),
    "ceases": lambda: _("ceases to bind"),
    "binds": lambda: _("binds otherwise"),
    "gross_output": lambda: _("gross output"),
    "final_output": lambda: _("final output"),
    "value_added": lambda: _("value added"),
    "waste": lambda: _("waste"),
    "byproduct": lambda: _("by-product"),
    "plant": lambda: _("plant"),
    "chain": lambda: _("chain"),
    "city": lambda: _("whole city"),
    "low": lambda: _("low"),
    "mid": lambda: _("middle"),
    "high": lambda: _("high"),
}


def word(key: str) -> str:
    """The word for a kind of crossing, a link or a verdict; the key itself where it has none."""
    return WORDS[key]() if key in WORDS else key
