"""What a match asks and answers: needs and offers, options, near misses, covers and proofs.

Money is CNY, quantities are a year. Where nothing else is said, a unit is that of the material which
is needed or offered, also where another material of the same formula stands in for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from liantu.chain.plan import Shipment

DUMPED, SALE, IDLE, MARKET = "dump", "sale", "idle capacity", "market"
PURCHASE, CANDIDATE, SHORT = "purchase", "candidate", "shortage"
IMPORT, EXPORT = "import", "export"


@dataclass(frozen=True)
class Need:
    """A material wanted at a place: `at` names a plant, candidate or park, else lat and lon in degrees.

    purity is the least mass fraction that will do, top_price the most that will be paid, delivered.
    """

    material: str
    quantity: float
    at: str = ""
    lat: float | None = None
    lon: float | None = None
    purity: float | None = None
    top_price: float | None = None


@dataclass(frozen=True)
class Offer:
    """A material to give away at a place, over and above what the plan already makes there.

    purity is its mass fraction, floor_price the least that is accepted, net at the place.
    """

    material: str
    quantity: float
    at: str = ""
    lat: float | None = None
    lon: float | None = None
    purity: float | None = None
    floor_price: float | None = None


@dataclass(frozen=True)
class Place:
    """Where the need or offer stands; name is what was given, or 'lat, lon'."""

    name: str
    park: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Option:
    """One tranche of supply at one opportunity cost.

    supplier: plant, 'city' or 'park:ID' for what a pool shares, or 'import'. material: what is supplied;
    units_per_unit of it stand for one unit of the need. displaces: what the supply does today: 'dump',
    'sale', 'idle capacity' (it can be made), 'plant:ID' or 'demand:ID' (taken from them), 'market'
    (bought in). delivered = source + freight; saving is against buying in, None where that can't be.
    loser: who goes without, and what it earns on a unit now. byproduct: made only beside another product,
    so that more of it brings more of that product too.
    """

    supplier: str
    material: str
    quantity: float
    distance_km: float
    link: str
    delivered_cny_per_unit: float
    displaces: str
    source_cny_per_unit: float
    freight_cny_per_unit: float
    saving_cny_per_unit: float | None
    loser: str
    loser_cny_per_unit: float
    units_per_unit: float
    byproduct: bool
    hazard: str
    purity: float | None


@dataclass(frozen=True)
class Outlet:
    """One tranche of use at one worth. net = worth at the taker - freight.

    taker: plant, candidate, 'demand:ID', 'city' or 'park:ID' for a pool, 'export' or 'dump'. displaces:
    'purchase' (of the taker), 'plant:ID' (another supplier, the loser), 'idle capacity' (the taker could
    run more), 'shortage', 'candidate' (once built), 'market', 'dump'.
    """

    taker: str
    material: str
    quantity: float
    distance_km: float
    link: str
    net_cny_per_unit: float
    displaces: str
    worth_cny_per_unit: float
    freight_cny_per_unit: float
    loser: str
    loser_cny_per_unit: float
    units_per_unit: float
    hazard: str


@dataclass(frozen=True)
class Reason:
    """Why a source or a taker fails; what a field means depends on the code.

    too_far: has and needs are the distance and the range, km. hazard: who is the class that keeps it in a
    pipe no longer than `needs` km. purity: has and needs are mass fractions, has None where unknown.
    too_dear, too_low: has and needs are CNY per unit. committed: who holds `quantity`, worth `value` CNY
    per unit there; has is its delivered cost, needs the limit. no_capacity: has is the load, who the
    material or cap that is lacking, '' at full load. other_form: who is the form or the element that the
    two share, value the units of the element in a unit. not_built: who is the status. other_pool: who is
    the park whose pool it is. no_place: it stands nowhere.
    """

    code: str
    has: float | None = None
    needs: float | None = None
    who: str = ""
    quantity: float | None = None
    value: float | None = None


@dataclass(frozen=True)
class NearMiss:
    """A source that fails; reason is the code of the first of its reasons."""

    supplier: str
    material: str
    reason: str
    quantity: float
    distance_km: float | None
    link: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class MissedOutlet:
    """A taker that fails; reason is the code of the first of its reasons."""

    taker: str
    material: str
    reason: str
    quantity: float
    distance_km: float | None
    link: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Step:
    """Part of a cover: who gives or takes how much, at which delivered cost or net worth."""

    who: str
    material: str
    displaces: str
    quantity: float
    cny_per_unit: float


@dataclass(frozen=True)
class Cover:
    """Options that cover the quantity together; shortfall is what none of them has."""

    steps: tuple[Step, ...]
    quantity: float
    shortfall: float
    total_cny: float
    cny_per_unit: float | None  # None where nothing is covered
    partners: int


@dataclass(frozen=True)
class Change:
    """How a figure of the plan moves. kind: activity (place is a plant, reference units), short (place is a
    committed demand), or sell, buy, dump, vent of a material in the whole city; value_cny: change in money of
    what crosses the city line, or falls short."""

    kind: str
    place: str
    material: str
    before: float
    after: float
    value_cny: float


@dataclass(frozen=True)
class Effect:
    """Difference of two solved plans. cost_cny: what the city gives up (< 0: gains) a year.

    losers: plants that run less, hardest hit first, demands that fall short, sales that fall; dumps_less:
    dumps and vents that fall; others: everything else that moves. deliveries: who supplies the need, or
    takes the offer, in the new plan, in own units; source 'import' is bought in. Empty for what a pool
    shares.
    gap, residual: of the new plan's certificate.
    """

    cost_cny: float
    deliveries: tuple[Shipment, ...]
    losers: tuple[Change, ...]
    dumps_less: tuple[Change, ...]
    others: tuple[Change, ...]
    gap: float
    residual: float


@dataclass(frozen=True)
class ProofStep:
    """A stretch of the cover: screened by prices, proved by solving again; both CNY per unit.

    Without a name: the tail of a long cover, or (screened None) what the cover leaves short, of which the
    plan may still find some. The plan supplies as suits the city, whoever the cover named.
    """

    who: str
    displaces: str
    quantity: float
    screened_cny_per_unit: float | None
    proved_cny_per_unit: float | None  # None where nothing more of it is delivered


@dataclass(frozen=True)
class Proof:
    """The plan solved again with the need committed, or the offer on the table.

    quantity: delivered or taken; short: the rest. screened and proved are the average cost to the city of
    a unit delivered, or its worth of a unit taken; None where nothing is.
    """

    quantity: float
    short: float
    screened_cny_per_unit: float | None
    proved_cny_per_unit: float | None
    steps: tuple[ProofStep, ...]
    effect: Effect


@dataclass(frozen=True)
class MatchReport:
    """Who can supply a need. import_cny_per_unit: bought in, delivered; None where it can't be."""

    need: Need
    material: str
    unit: str
    place: Place
    import_cny_per_unit: float | None
    options: tuple[Option, ...]
    near_misses: tuple[NearMiss, ...]
    cheapest: Cover
    fewest: Cover
    proof: Proof | None


@dataclass(frozen=True)
class OfferReport:
    """Who can take an offer. export_cny_per_unit: net of freight; None where it can't be sold outside."""

    offer: Offer
    material: str
    unit: str
    place: Place
    export_cny_per_unit: float | None
    options: tuple[Outlet, ...]
    near_misses: tuple[MissedOutlet, ...]
    best: Cover
    fewest: Cover
    proof: Proof | None


@dataclass(frozen=True)
class JointReport:
    """Several needs met at once. together_cny and apart_cny: cost to the city of all, and the sum of each
    alone; the difference is what one match does for the other."""

    reports: tuple[MatchReport, ...]
    together_cny: float
    apart_cny: float
    effect: Effect
