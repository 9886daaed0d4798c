"""An instant enquiry: the answer to a need or an offer that is not kept, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from liantu.chain.match_types import (
    Cover,
    MatchReport,
    MissedOutlet,
    NearMiss,
    OfferReport,
    Option,
    Outlet,
    Proof,
)
from liantu.report.match import displaced, match_report, reason_text
from liantu.runs import Where
from liantu.web.atlas.city import City
from liantu.web.kit.reports import Table, tables_of


@dataclass(frozen=True)
class OptionRow:
    """One option or outlet: who, and what it costs or brings, CNY per unit."""

    who: str
    option: Option | Outlet
    delivered: float
    saving: float | None
    displaces: str
    loser: str


@dataclass(frozen=True)
class MissRow:
    """Who fails, and why in a sentence."""

    who: str
    miss: NearMiss | MissedOutlet
    why: str


@dataclass(frozen=True)
class Answer:
    """What the page shows: the options, how they cover the quantity, the proof, who fails by how little."""

    need: bool
    material: str
    unit: str
    quantity: float
    place: str
    outside: float | None
    options: tuple[OptionRow, ...]
    misses: tuple[MissRow, ...]
    cover: Cover
    proof: Proof | None
    effect: tuple[Table, ...]


def answer(
    city: City,
    *,
    need: bool,
    material: str,
    quantity: float,
    at: str,
    purity: float | None,
    price: float | None,
) -> Answer:
    """Match the need or offer. Raises InputError for what the engine refuses."""
    place = Where(at)
    if need:
        return _of_need(city, city.match_need(material, quantity, place, purity, price))
    return _of_offer(city, city.match_offer(material, quantity, place, purity, price))


def _of_need(city: City, report: MatchReport) -> Answer:
    rows = tuple(
        OptionRow(
            o.supplier,
            o,
            o.delivered_cny_per_unit,
            o.saving_cny_per_unit,
            displaced(o.displaces, city.names),
            _loser(o),
        )
        for o in report.options
    )
    return _answer(
        city, report, True, report.need.quantity, report.import_cny_per_unit, rows, report.cheapest
    )


def _of_offer(city: City, report: OfferReport) -> Answer:
    rows = tuple(
        OptionRow(o.taker, o, o.net_cny_per_unit, None, displaced(o.displaces, city.names), _loser(o))
        for o in report.options
    )
    return _answer(city, report, False, report.offer.quantity, report.export_cny_per_unit, rows, report.best)


def _loser(option: Option | Outlet) -> str:
    """Who goes without, where what is displaced does not name it already."""
    return "" if option.displaces.partition(":")[0] in ("plant", "demand") else option.loser


def _answer(
    city: City,
    report: MatchReport | OfferReport,
    need: bool,
    quantity: float,
    outside: float | None,
    options: tuple[OptionRow, ...],
    cover: Cover,
) -> Answer:
    misses = tuple(
        MissRow(
            m.supplier if isinstance(m, NearMiss) else m.taker,
            m,
            "; ".join(reason_text(r, report.unit, city.names) for r in m.reasons),
        )
        for m in report.near_misses
    )
    effect = [
        t for t in match_report(report, city.opened).listings[-2:] if report.proof is not None and t.rows
    ]
    return Answer(
        need,
        report.material,
        report.unit,
        quantity,
        report.place.name,
        outside,
        options,
        misses,
        cover,
        report.proof,
        tables_of(effect),
    )
