"""A proposal in plain words: why this option, what it saves a unit and a year, and who loses by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.chain.match_types import Reason
from liantu.chain.units import format_money, format_number, format_quantity, unit_label
from liantu.i18n import current_language
from liantu.report.match import displaced, reason_text
from liantu.web.accounts.models import User
from liantu.web.atlas.city import City
from liantu.web.atlas.templatetags.city import place_name, word
from liantu.web.exchange.discreet import Span, for_enterprise, sees_worths
from liantu.web.exchange.models import Proposal, Statement
from liantu.web.exchange.shown import Partner, partners

BEST = 3
TODAY = {
    "dump": gettext_lazy("It is dumped there today."),
    "sale": gettext_lazy("It is sold outside the city today."),
    "idle capacity": gettext_lazy("Capacity stands idle there, so that it can be made."),
    "market": gettext_lazy("It is bought in from outside the city."),
    "purchase": gettext_lazy("The taker buys it in from outside the city today."),
    "shortage": gettext_lazy("The taker is short of it today."),
    "candidate": gettext_lazy("The taker is not built yet."),
}


@dataclass(frozen=True)
class OptionShown:
    """One option as the page shows it; figures in CNY a unit, None where unknown or hidden."""

    key: str
    who: str
    plant: str
    material: str
    quantity: float
    price: float | None
    saving: float | None
    a_year: float | None
    km: float | None
    link: str
    displaces: str
    loser: str
    sentences: tuple[str, ...]
    partner: Partner | None = None
    between: Span | None = None
    """Where the exact price is another's business, the round figures that it lies between; so `saves`."""
    saves: Span | None = None


@dataclass(frozen=True)
class MissShown:
    """Who fails, and why."""

    who: str
    material: str
    why: str


@dataclass(frozen=True)
class ProposalShown:
    """A proposal as one person sees it."""

    proposal: Proposal
    need: bool
    unit: str
    quantity: float
    outside: float | None
    options: tuple[OptionShown, ...]
    partners: tuple[OptionShown, ...]
    misses: tuple[MissShown, ...]
    cover: Mapping[str, Any]
    proof: Mapping[str, Any] | None
    basis: Mapping[str, Any]

    @property
    def best(self) -> tuple[OptionShown, ...]:
        """The three to look at first: statements of others that fit, then what is worth most."""
        return (*self.partners, *self.options)[:BEST]

    @property
    def nearly(self) -> tuple[MissShown, ...]:
        """Where fewer than three fit: who would be next, and what stands against it."""
        return self.misses[: BEST - len(self.best)]

    @property
    def rest(self) -> tuple[OptionShown, ...]:
        return (*self.partners, *self.options)[BEST:]


def explain(proposal: Proposal, statements: Mapping[str, Statement], user: User, city: City) -> ProposalShown:
    """The proposal in the language of the page; `statements` are those that it pairs with, by id."""
    c = proposal.content if sees_worths(user) else for_enterprise(proposal.content)
    lang, unit = current_language(), c["unit"]
    options = tuple(_option(city, c, i, o, lang) for i, o in enumerate(c["options"]))
    found = partners(c, statements, user)
    misses = tuple(_miss(city, m, unit) for m in c["misses"])
    return ProposalShown(
        proposal, c["need"], unit, c["quantity"], c["outside"], options,
        tuple(_partner(c, p, lang) for p in found), misses, c["cover"], c["proof"], c["basis"],
    )  # fmt: skip


def _option(city: City, c: Mapping[str, Any], i: int, o: Mapping[str, Any], lang: str) -> OptionShown:
    quantity = min(o["quantity"] if o["quantity"] is not None else c["quantity"], c["quantity"])
    a_year = None if o["saving"] is None else o["saving"] * quantity
    names, who = city.names, place_name(o["who"])
    taken = o["displaces"].partition(":")[0] in ("plant", "demand")
    loser = place_name(o["loser"]) if o["loser"] and not taken else ""
    plant = o["who"] if o["who"] in city.network.plants.index else ""
    words = displaced(o["displaces"], names)
    return OptionShown(
        f"e{i}", who, plant, o["material"], quantity, o["price"], o["saving"], a_year, o["km"], o["link"],
        words, loser, tuple(_sentences(c, o, who, quantity, words, loser, lang)),
        between=o.get("between"), saves=o.get("saves"),
    )  # fmt: skip


def _sentences(
    c: Mapping[str, Any], o: Mapping[str, Any], who: str, quantity: float, words: str, loser: str, lang: str
) -> list[str]:
    unit = unit_label(c["unit"], lang)
    said = {
        "price": _figure(o["price"]), "source": _figure(o["at_source"]), "freight": _figure(o["freight"]),
        "km": _figure(o["km"], 3), "unit": unit, "link": word(o["link"]), "who": who,
        "saving": _figure(abs(o["saving"] or 0.0)), "outside": _figure(c["outside"]),
        "quantity": format_quantity(quantity, f"{c['unit']}/y", lang),
        "year": format_money(abs((o["saving"] or 0.0) * quantity), lang), "what": words, "loser": loser,
    }  # fmt: skip
    if o.get("between"):
        return _banded(c, o, said)
    found = [_price_sentence(c["need"], o, said)]
    if o["saving"] is not None and o["who"] not in ("import", "export"):
        found.append(_saving_sentence(c["need"], o["saving"], said))
    kind = o["displaces"].partition(":")[0]
    if kind in TODAY:
        found.append(str(TODAY[kind]))
    elif words:
        found.append(_("It is %(what)s, who would have to look elsewhere.") % said)
    if loser:
        found.append(_("Who goes without: %(loser)s.") % said)
    if o.get("byproduct"):
        found.append(_("It is made only beside another product: more of it brings more of that, too."))
    return found


def _banded(c: Mapping[str, Any], o: Mapping[str, Any], said: dict[str, str]) -> list[str]:
    """For an enterprise: figures of its own side, rounded so that another's worth is not in them."""
    need, between, saves = c["need"], o["between"], o.get("saves")
    said |= {"low": _figure(between[0]), "high": _figure(between[1])}
    found = []
    if need:
        found.append(_("Delivered at some %(low)s to %(high)s CNY/%(unit)s.") % said)
    else:
        found.append(_("Brings some %(low)s to %(high)s CNY/%(unit)s at the gate.") % said)
    if o["km"]:
        found.append(_("%(km)s km away (%(link)s), %(freight)s CNY/%(unit)s freight.") % said)
    if saves and saves[1] > 0:
        said |= {"low": _figure(max(saves[0], 0.0)), "high": _figure(saves[1])}
        better = _("That saves some %(low)s to %(high)s CNY/%(unit)s against buying in at %(outside)s.")
        more = _("That is some %(low)s to %(high)s CNY/%(unit)s more than what it brings otherwise "
                 "(%(outside)s).")  # fmt: skip
        found.append((better if need else more) % said)
    found.append(_("What is agreed is between the two of you; the task force knows both sides."))
    return found


def _price_sentence(need: bool, o: Mapping[str, Any], said: Mapping[str, str]) -> str:
    if o["km"]:
        if need:
            return _("Delivered at %(price)s CNY/%(unit)s: %(source)s at the source and %(freight)s freight "
                     "over %(km)s km (%(link)s).") % said  # fmt: skip
        return _("Worth %(source)s CNY/%(unit)s there; %(freight)s freight over %(km)s km (%(link)s) leaves "
                 "%(price)s at the gate.") % said  # fmt: skip
    if need:
        return _("Delivered at %(price)s CNY/%(unit)s.") % said
    return _("Brings %(price)s CNY/%(unit)s at the gate.") % said


def _saving_sentence(need: bool, saving: float, said: Mapping[str, str]) -> str:
    if need and saving >= 0:
        return _("That saves %(saving)s CNY/%(unit)s against buying in at %(outside)s: %(year)s a year for "
                 "%(quantity)s.") % said  # fmt: skip
    if need:
        return _("That is %(saving)s CNY/%(unit)s dearer than buying in at %(outside)s.") % said
    if saving >= 0:
        return _("That is %(saving)s CNY/%(unit)s more than what it brings otherwise (%(outside)s): %(year)s "
                 "a year for %(quantity)s.") % said  # fmt: skip
    return _("That is %(saving)s CNY/%(unit)s less than what it brings otherwise (%(outside)s).") % said


def _partner(c: Mapping[str, Any], p: Partner, lang: str) -> OptionShown:
    s, unit = p.statement, unit_label(c["unit"], lang)
    who = _("An enterprise that does not show its name") if s.name_hidden else s.enterprise or _("Task force")
    said = {
        "quantity": format_quantity(p.quantity, f"{c['unit']}/y", lang), "unit": unit,
        "price": _figure(s.price), "km": _figure(p.km, 3), "freight": _figure(p.freight),
        "room": _figure(abs(p.room or 0.0)),
    }  # fmt: skip
    first = _("It offers this in the exchange") if c["need"] else _("It asks for this in the exchange")
    found = [_("%(first)s: %(quantity)s fit by month.") % {"first": first, **said}]
    if s.price is not None:
        asks = _("It asks for %(price)s CNY/%(unit)s at the gate.")
        pays = _("It pays up to %(price)s CNY/%(unit)s, delivered.")
        found.append((asks if c["need"] else pays) % said)
    elif s.price_hidden:
        found.append(_("It does not show its price; the task force can ask."))
    if p.km is not None:
        found.append(_("%(km)s km away, %(freight)s CNY/%(unit)s freight.") % said)
    elif s.name_hidden:
        found.append(_("Where it stands is not shown; the task force looks into the way."))
    if p.room is not None:
        found.append(_("Between what one asks and the other pays lie %(room)s CNY/%(unit)s.") % said)
    if not p.is_open:
        found.append(_("It is not open any more."))
    return OptionShown(
        p.key, who, "", s.material.id, p.quantity, s.price, p.room, None, p.km, p.link, "", "",
        tuple(found), p,
    )  # fmt: skip


def _miss(city: City, m: Mapping[str, Any], unit: str) -> MissShown:
    reasons = [Reason(**r) for r in m["reasons"]]
    why = "; ".join(_why(r, unit, city) for r in reasons)
    return MissShown(place_name(m["who"]), m["material"], why)


BARE = {
    "too_dear": gettext_lazy("dearer than the most you would pay"),
    "too_low": gettext_lazy("pays less than the least you would take"),
    "committed": gettext_lazy("committed to others"),
    "no_capacity": gettext_lazy("no room"),
}


def _why(reason: Reason, unit: str, city: City) -> str:
    """The reason; without figures where they are another's business."""
    if reason.code in BARE and not reason.who and reason.has is None:
        return str(BARE[reason.code])
    return reason_text(reason, unit, city.names)


def _figure(value: float | None, digits: int = 4) -> str:
    return "–" if value is None else format_number(round(value, 6) + 0.0, digits)
