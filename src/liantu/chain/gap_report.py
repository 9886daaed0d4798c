"""What a gap analysis returns. Plain frozen figures: ids, numbers, and rows of them.

Money is CNY a year unless a field says otherwise, quantities are in the material's own unit a year.
A worth is always a difference of two solved plans, less the capital charge of what was built between
them; a first-order figure is what the base plan's prices alone promise. None: not known, or never.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Leg:
    """One flow of a prospective plant at its full scale, at the base plan's local price.

    quantity > 0 is made, < 0 used. price in CNY per unit at the plant's gate: of a product the best
    it can reach, of an input the cheapest. partner: 'sell', 'buy', 'dump', or the place it trades with;
    '' where nothing takes or supplies it (the price is then -inf or inf).
    """

    material: str
    quantity: float
    price: float
    partner: str
    value_cny: float


@dataclass(frozen=True)
class Member:
    """A plant that a proof builds: scale and activity in reference units a year."""

    id: str
    process: str
    scale: float
    activity: float
    load: float
    capital_cny: float


@dataclass(frozen=True)
class PlantChange:
    """A standing plant whose activity changes, in reference units a year; relative is (after - before)
    / before, None where it stood still."""

    id: str
    before: float
    after: float
    relative: float | None


@dataclass(frozen=True)
class CrossingChange:
    """A purchase, sale, dump or vent of the city that changes; kind buy, sell, dump, vent or short.
    value_cny is the change of what it earns (> 0: the city gains)."""

    material: str
    kind: str
    before: float
    after: float
    value_cny: float


@dataclass(frozen=True)
class CapChange:
    """A city cap whose use changes, in the cap's unit."""

    id: str
    before: float
    after: float
    limit: float


@dataclass(frozen=True)
class PriceChange:
    """A local price that moved, CNY per unit: its interval before and after. moved is the distance of
    the two intervals, > 0 dearer; value_cny = moved x the larger flow through the place, a year."""

    material: str
    place: str
    low_before: float
    high_before: float
    low_after: float
    high_after: float
    moved: float
    value_cny: float


@dataclass(frozen=True)
class Proof:
    """A set of candidates built together: the plan solved again with all of them at their scale.

    worth = gain - charge, gain the difference of the two solved plans before the capital charge of the
    set. first_order is the sum of the members' first-order worths alone. payback_years = capital /
    gain, None where that is never or more than a thousand years. land in ha, jobs as planned (None: not
    known), water in m3, energy in tce, electricity in MWh: what the members take, net of what they give;
    purchased_tce: the change of the energy that the city buys. prices is empty where
    `prices_read` is False.
    """

    id: str
    members: tuple[Member, ...]
    worth_cny_per_year: float
    first_order_cny_per_year: float
    gain_cny_per_year: float
    charge_cny_per_year: float
    capital_cny: float
    payback_years: float | None
    land_ha: float
    water_m3_per_year: float
    energy_tce_per_year: float
    electricity_mwh_per_year: float
    purchased_tce_per_year: float
    jobs: float | None
    plants: tuple[PlantChange, ...]
    crossings: tuple[CrossingChange, ...]
    caps: tuple[CapChange, ...]
    prices: tuple[PriceChange, ...]
    prices_read: bool


@dataclass(frozen=True)
class CandidateGap:
    """A candidate, screened and proved.

    worth is the greater of `alone` and `with_partners`; `partners` are the others of the set that it
    belongs to, () where it is the candidate's own, and `proof` names the Proof. with_partners is the
    best total of a set to which the candidate adds something (added_cny_per_year > 0), or where it
    adds to none, that of all its declared partners; its members are in `partners_tested`. added is
    what the set loses without the candidate. first_order is the candidate's own: the margin of its
    first unit at base prices x scale, less the charge; never below its proved worth alone.
    margin_cny_per_unit: that margin, -inf where an output or input finds no partner.
    source: 'candidates' of the tables, or 'recipe' for a known recipe that nobody proposed.
    """

    id: str
    source: str
    link_type: str
    process: str
    park: str
    scale: float
    capital_cny: float
    worth_cny_per_year: float
    first_order_cny_per_year: float
    alone_cny_per_year: float
    with_partners_cny_per_year: float | None
    added_cny_per_year: float | None
    partners: tuple[str, ...]
    partners_tested: tuple[str, ...]
    margin_cny_per_unit: float
    load: float
    payback_years: float | None
    proof: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True)
class Option:
    """One candidate for a row of a list, as proved in `proof`; role says what it does there: supplies,
    takes, retrofit, second_line. before and after: the row's quantity without and with it."""

    id: str
    role: str
    proof: str
    partners: tuple[str, ...]
    worth_cny_per_year: float
    first_order_cny_per_year: float
    before: float
    after: float


@dataclass(frozen=True)
class FillGap:
    """补链: a material that is bought in or dumped for want of a link; kind buy or dump.

    value_cny: what the purchase or dumping costs. reason: no_local_maker, no_local_user, too_far,
    capacity, cap, or dearer_here (made or used here at a higher cost). worth and first_order are those
    of the best option that lessens the quantity; None where there is none. A row of kind 'candidate' is
    a candidate of link type fill that answers no purchase or dump of the base plan; its material is
    its product.
    """

    id: str
    kind: str
    material: str
    quantity: float
    value_cny: float
    reason: str
    places: tuple[str, ...]
    worth_cny_per_year: float | None
    first_order_cny_per_year: float | None
    best: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class ExtendOption:
    """One way to use a material instead of selling it. made_cny_per_unit: what the recipe's products
    are worth, at base prices, per unit of the material used (None where one finds no outlet);
    multiple = that / the present net price; gained_cny_per_unit = proved gain before capital charge /
    quantity that the candidate uses."""

    id: str
    process: str
    proof: str
    partners: tuple[str, ...]
    worth_cny_per_year: float
    first_order_cny_per_year: float
    before: float
    after: float
    made_cny_per_unit: float | None
    multiple: float | None
    gained_cny_per_unit: float | None


@dataclass(frozen=True)
class ExtendGap:
    """延链: a material that leaves the city though a known recipe would use it; kind sell.

    value_cny: net income of the sale; sold_cny_per_unit the same per unit. worth and first_order are
    those of the best option that runs; None where none does. A row of kind 'candidate' is a candidate of
    link type extend that uses nothing which is sold in the base plan; its material is its product, and
    its options count per unit of that.
    """

    id: str
    kind: str
    material: str
    quantity: float
    value_cny: float
    sold_cny_per_unit: float
    worth_cny_per_year: float | None
    first_order_cny_per_year: float | None
    best: str
    options: tuple[ExtendOption, ...]


@dataclass(frozen=True)
class StrengthenGap:
    """强链: a capacity or cap that binds; kind capacity or cap.

    price_low: what one more unit brings, price_high: what one less costs, CNY per unit. step is a
    relaxation by a tenth of the limit (a minimum share is lowered by a tenth); gain the difference of
    the two solved plans, charge the capital charge on that capacity at its recipe's investment (0 for
    a cap), worth = gain - charge, first_order = price_low x step - charge. The price of a share is per
    unit of its material that is freed, so that its first_order counts step x what the city uses of it;
    as a share enters the recipes, it need not bound the worth. price_low holds up to
    `holds_to`, price_high down to `holds_from`, in the limit's unit; None where the range was not
    found, and holds_to is never above twice the limit, up to which it is looked for. A row of kind
    'candidate' is a candidate of link type strengthen that relieves none of these; limit is its scale.
    """

    id: str
    kind: str
    subject: str
    used: float
    limit: float
    price_low: float
    price_high: float
    step: float
    worth_cny_per_year: float
    first_order_cny_per_year: float
    gain_cny_per_year: float
    charge_cny_per_year: float
    holds_from: float | None
    holds_to: float | None
    best: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Notional:
    """A plant of a known recipe that nobody proposed.

    capacity: its scale of greatest worth, in reference units a year; largest: the scale that would use
    up, or make, all that crosses the city line, up to which it was looked for.
    capital at the recipe's investment per unit of capacity, 0 where the recipe states none (capital_known
    is then False: its worth is before capital).
    """

    id: str
    process: str
    park: str
    lat: float
    lon: float
    capacity: float
    largest: float
    capital_cny: float
    land_ha: float
    capital_known: bool


@dataclass(frozen=True)
class GapReport:
    """Three ranked lists from one plan, what proves them, and the candidates behind them.

    base_value: the plan's value, CNY a year. groups: sets of candidates linked by partnership, larger
    than two, as proved together. solves: how many plans were solved again.
    """

    base_value: float
    charge_rate: float
    fill: tuple[FillGap, ...]
    extend: tuple[ExtendGap, ...]
    strengthen: tuple[StrengthenGap, ...]
    candidates: tuple[CandidateGap, ...]
    groups: tuple[str, ...]
    notionals: tuple[Notional, ...]
    proofs: tuple[Proof, ...]
    solves: int

    def proof(self, name: str) -> Proof:
        """The proof of that id. Raises KeyError where there is none."""
        return {p.id: p for p in self.proofs}[name]
