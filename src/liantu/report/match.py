"""A match as JSON and as a report: a need with its suppliers, an offer with its takers, needs together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from liantu.chain.match_types import (
    Change,
    Cover,
    Effect,
    JointReport,
    MatchReport,
    MissedOutlet,
    NearMiss,
    OfferReport,
    Option,
    Outlet,
    Reason,
)
from liantu.chain.match_types import Proof as MatchProof
from liantu.i18n import gettext as _
from liantu.i18n import ngettext
from liantu.report.cells import fact, label, text
from liantu.report.head import city_facts, heading
from liantu.report.listing import Cell, Column, Fact, Listing, Quantity, Report
from liantu.report.machine import envelope, plain
from liantu.report.names import Names, word
from liantu.runs import City

Found = MatchReport | OfferReport


def match_json(report: Found | JointReport, city: City) -> dict[str, Any]:
    """The document of `match --json`; see docs/json-schema.md."""
    kind = "joint-match" if isinstance(report, JointReport) else "match"
    return envelope(kind, city.tables, city.scenario) | plain(report)


def match_report(report: Found | JointReport, city: City) -> Report:
    """Who can supply a need or take an offer, at which cost, who loses, and who fails by how little."""
    names = Names(city.network)
    title = heading(_("Match"), city.network, city.scenario)
    if not isinstance(report, JointReport):
        return Report(title, (*_facts(report, names), *city_facts(city)), _listings(report, names))
    together = (
        Fact(_("Cost to the city, together"), report.together_cny, Column("", "money", "CNY/y")),
        Fact(_("Cost to the city, each alone"), report.apart_cny, Column("", "money", "CNY/y")),
    )
    facts = [f for r in report.reports for f in _facts(r, names)]
    listings = [listing for r in report.reports for listing in _listings(r, names, with_effect=False)]
    effect = _effect(report.effect, names)
    return Report(title, (*facts, *together, *city_facts(city)), (*listings, *effect))


def _facts(report: Found, names: Names) -> list[Fact]:
    """What is asked, what it costs without a match, what the cover costs, and what the proof says."""
    asked = report.need if isinstance(report, MatchReport) else report.offer
    cover = report.cheapest if isinstance(report, MatchReport) else report.best
    unit = label(f"CNY/{report.unit}")
    amount = fact(Column("", "quantity"), Quantity(asked.quantity, f"{report.unit}/y"))
    place = names.anything(report.place.name)
    said = {"quantity": amount, "material": names.material(report.material), "place": place}
    if isinstance(report, MatchReport):
        facts = [Fact(_("Need"), _("%(quantity)s of %(material)s at %(place)s") % said)]
        facts.append(Fact(_("Bought in, delivered"), _price(report.import_cny_per_unit, unit)))
    else:
        facts = [Fact(_("Offer"), _("%(quantity)s of %(material)s at %(place)s") % said)]
        facts.append(Fact(_("Sold outside, net"), _price(report.export_cny_per_unit, unit)))
    covered = text(Quantity(cover.quantity, report.unit))
    if cover.cny_per_unit is None:
        facts.append(Fact(_("Covered"), covered))
    else:
        said = {"quantity": covered, "price": _price(cover.cny_per_unit, unit), "n": str(cover.partners)}
        line = ngettext(
            "%(quantity)s from %(n)s partner at %(price)s",
            "%(quantity)s from %(n)s partners at %(price)s",
            cover.partners,
        )
        facts.append(Fact(_("Covered"), line % said))
    if cover.shortfall > 0:
        facts.append(Fact(_("Not covered"), text(Quantity(cover.shortfall, report.unit))))
    if report.proof is not None:
        facts += _proof(report.proof, report.unit, unit)
    return facts


def _proof(proof: MatchProof, unit: str, price_unit: str) -> list[Fact]:
    said = {
        "quantity": text(Quantity(proof.quantity, unit)),
        "proved": _price(proof.proved_cny_per_unit, price_unit),
        "screened": _price(proof.screened_cny_per_unit, price_unit),
    }
    line = _("%(quantity)s at %(proved)s, by prices alone %(screened)s") % said
    if proof.proved_cny_per_unit is None:
        line = said["quantity"]
    return [
        Fact(_("Proved by solving again"), line),
        Fact(_("Cost to the city"), proof.effect.cost_cny, Column("", "money", "CNY/y")),
    ]


def _price(value: float | None, unit: str) -> str:
    return _("not possible") if value is None else f"{text(round(value, 6))} {unit}"


def _listings(report: Found, names: Names, with_effect: bool = True) -> list[Listing]:
    if isinstance(report, MatchReport):
        out = [_options(report, names), _cover(_("Cheapest cover"), report.cheapest, report.unit, names)]
        if [s.who for s in report.fewest.steps] != [s.who for s in report.cheapest.steps]:
            out.append(_cover(_("Cover by the fewest partners"), report.fewest, report.unit, names))
    else:
        out = [_outlets(report, names), _cover(_("Best cover"), report.best, report.unit, names)]
        if [s.who for s in report.fewest.steps] != [s.who for s in report.best.steps]:
            out.append(_cover(_("Cover by the fewest partners"), report.fewest, report.unit, names))
    out.append(_misses(report.near_misses, report.unit, names))
    if with_effect and report.proof is not None:
        out += _effect(report.proof.effect, names)
    return out


def _who(key: str, names: Names) -> str:
    """A plant, a pool, the market, or the need or offer itself as the solved plan names it."""
    if key.startswith("match:"):
        return _("what was asked")
    return word(key) if key in ("import", "export", "dump", "market") else names.place(key)


def displaced(key: str, names: Names) -> str:
    """What a supply does today: 'plant:ID' and 'demand:ID' name who has it."""
    kind, colon, name = key.partition(":")
    if colon and kind in ("plant", "demand"):
        return _("taken from %(who)s") % {"who": names.plant(name) if kind == "plant" else names.place(key)}
    return word(key)


def _options(report: MatchReport, names: Names) -> Listing:
    def row(o: Option) -> tuple[Cell, ...]:
        return (
            _who(o.supplier, names),
            Quantity(o.quantity, f"{report.unit}/y"),
            o.delivered_cny_per_unit,
            displaced(o.displaces, names),
            o.distance_km,
            word(o.link),
            o.saving_cny_per_unit,
            names.material(o.material),
            o.source_cny_per_unit,
            o.freight_cny_per_unit,
            names.anything(o.loser) if o.loser else "",
            o.hazard,
        )

    unit = f"CNY/{report.unit}"
    columns = (
        Column(_("Supplier")),
        Column(_("Quantity"), "quantity"),
        Column(_("Delivered"), "number", unit, mixed=True),
        Column(_("Displaces")),
        Column(_("Distance"), "number", "km"),
        Column(_("Link"), optional=True),
        Column(_("Saving"), "number", unit, mixed=True, optional=True),
        Column(_("Material"), optional=True),
        Column(_("At source"), "number", unit, mixed=True, optional=True),
        Column(_("Freight"), "number", unit, mixed=True, optional=True),
        Column(_("Who loses"), optional=True),
        Column(_("Hazard class"), optional=True),
    )
    title = _("Options to supply %(material)s") % {"material": names.material(report.material)}
    return Listing(title, columns, [row(o) for o in report.options], 15, _("No source can supply it."))


def _outlets(report: OfferReport, names: Names) -> Listing:
    def row(o: Outlet) -> tuple[Cell, ...]:
        return (
            _who(o.taker, names),
            Quantity(o.quantity, f"{report.unit}/y"),
            o.net_cny_per_unit,
            displaced(o.displaces, names),
            o.distance_km,
            word(o.link),
            names.material(o.material),
            o.worth_cny_per_unit,
            o.freight_cny_per_unit,
            names.anything(o.loser) if o.loser else "",
        )

    unit = f"CNY/{report.unit}"
    columns = (
        Column(_("Taker")),
        Column(_("Quantity"), "quantity"),
        Column(_("Net at the gate"), "number", unit, mixed=True),
        Column(_("Displaces")),
        Column(_("Distance"), "number", "km"),
        Column(_("Link"), optional=True),
        Column(_("Material"), optional=True),
        Column(_("Worth to the taker"), "number", unit, mixed=True, optional=True),
        Column(_("Freight"), "number", unit, mixed=True, optional=True),
        Column(_("Who loses"), optional=True),
    )
    title = _("Outlets for %(material)s") % {"material": names.material(report.material)}
    return Listing(title, columns, [row(o) for o in report.options], 15, _("Nobody can take it."))


def _cover(title: str, cover: Cover, unit: str, names: Names) -> Listing:
    rows = [
        (_who(s.who, names), Quantity(s.quantity, f"{unit}/y"), s.cny_per_unit, displaced(s.displaces, names))
        for s in cover.steps
    ]
    columns = (
        Column(_("Partner")),
        Column(_("Quantity"), "quantity"),
        Column(_("Price"), "number", f"CNY/{unit}", mixed=True),
        Column(_("Displaces")),
    )
    return Listing(title, columns, rows)


def _misses(misses: Iterable[NearMiss | MissedOutlet], unit: str, names: Names) -> Listing:
    rows = [
        (
            _who(m.supplier if isinstance(m, NearMiss) else m.taker, names),
            names.material(m.material),
            Quantity(m.quantity, f"{unit}/y"),
            m.distance_km,
            "; ".join(reason_text(r, unit, names) for r in m.reasons),
        )
        for m in misses
    ]
    columns = (
        Column(_("Who")),
        Column(_("Material")),
        Column(_("Quantity"), "quantity", optional=True),
        Column(_("Distance"), "number", "km"),
        Column(_("Why it fails")),
    )
    return Listing(_("Near misses"), columns, rows, short=20)


def reason_text(reason: Reason, unit: str, names: Names) -> str:
    """Why a source or a taker fails, as a sentence."""
    price = label(f"CNY/{unit}")
    said = {
        "has": "–" if reason.has is None else text(reason.has),
        "needs": "–" if reason.needs is None else text(reason.needs),
        "who": word(reason.who) if reason.code == "not_built" else names.anything(reason.who),
        "quantity": "" if reason.quantity is None else text(Quantity(reason.quantity, unit)),
        "value": "–" if reason.value is None else text(reason.value),
        "price": price,
    }
    sentences = {
        "too_far": _("%(has)s km away, %(needs)s km at most"),
        "hazard": _("hazard class %(who)s: a pipe of %(needs)s km at most"),
        "too_dear": _("%(has)s %(price)s, %(needs)s at most"),
        "too_low": _("%(has)s %(price)s, %(needs)s at least"),
        "other_form": _("another form: %(who)s"),
        "not_built": _("not built: %(who)s"),
        "other_pool": _("another network: %(who)s"),
        "no_place": _("stands nowhere"),
    }
    if reason.code == "purity":
        known = _("purity %(has)s, %(needs)s at least")
        return (known if reason.has is not None else _("purity not known, %(needs)s at least")) % said
    if reason.code == "no_capacity":
        full = _("no room: load %(load)s %%") % {"load": text(100 * (reason.has or 0.0))}
        return _("no room: %(who)s is lacking") % said if reason.who else full
    if reason.code == "committed":
        whole = _("committed to %(who)s: %(quantity)s, worth %(value)s %(price)s there")
        return (
            whole if reason.quantity is not None and reason.value is not None else _("committed to %(who)s")
        ) % said
    return sentences[reason.code] % said if reason.code in sentences else reason.code


def _effect(effect: Effect, names: Names) -> list[Listing]:
    """Who loses, whose dump falls, and what else moves in the plan solved again."""
    groups: Sequence[tuple[str, tuple[Change, ...]]] = (
        (_("loses"), effect.losers),
        (_("dumps less"), effect.dumps_less),
        (_("moves"), effect.others),
    )
    rows = [(group, *_change(c, names)) for group, changes in groups for c in changes]
    columns = (
        Column(_("Effect")),
        Column(_("What")),
        Column(_("Kind")),
        Column(_("Before"), "quantity"),
        Column(_("After"), "quantity"),
        Column(_("Earns more"), "money", "CNY/y", optional=True),
    )
    deliveries = [
        (
            _who(s.source, names),
            names.material(s.material),
            Quantity(s.quantity, f"{names.unit(s.material)}/y"),
            s.distance_km,
            word(s.link),
        )
        for s in effect.deliveries
    ]
    heads = (
        Column(_("Partner")),
        Column(_("Material")),
        Column(_("Quantity"), "quantity"),
        Column(_("Distance"), "number", "km"),
        Column(_("Link"), optional=True),
    )
    return [
        Listing(_("Deliveries in the plan solved again"), heads, deliveries),
        Listing(_("What moves in the plan solved again"), columns, rows, short=12),
    ]


def _change(change: Change, names: Names) -> tuple[Cell, ...]:
    what = names.plant(change.place) if change.kind == "activity" else names.material(change.material)
    unit = names.plant_unit(change.place) if change.kind == "activity" else names.unit(change.material)
    before, after = Quantity(change.before, f"{unit}/y"), Quantity(change.after, f"{unit}/y")
    earns = None if change.kind == "activity" else change.value_cny
    return what, word(change.kind), before, after, earns
