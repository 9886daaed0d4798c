"""Following up a match: taking an option as a case, its steps, and what comes of it in the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from liantu.errors import LiantuError
from liantu.web.accounts.models import Enterprise, Park, User
from liantu.web.atlas.city import City
from liantu.web.casefile import actions as casefile
from liantu.web.casefile.actions import Step
from liantu.web.casefile.models import CaseEvent, CaseFile, CaseParty
from liantu.web.casefile.store import Opened
from liantu.web.exchange import actions, selectors
from liantu.web.exchange.models import ExchangeCase, Proposal, Statement, VerifiedResult

S = Statement.Status
STATUS_AT_END = {"closed": S.CLOSED, "refused": S.OPEN, "withdrawn": S.WITHDRAWN}
VERIFIED = ("verified_tonnes", "verified_cny", "verified_tce", "verified_co2")


class NotTakenError(LiantuError):
    """An option can't be taken: it is not (any more) in the proposal, or its statement is followed up
    already. `params`: none that tell more."""

    code = "option_gone"


@dataclass(frozen=True)
class Chosen:
    """An option of a proposal as it is taken: of the engine (`row`), or another's statement."""

    row: dict[str, Any]
    partner: Statement | None


def choose(proposal: Proposal, key: str) -> Chosen:
    """The option that 'e3' or 's:<id>' names. Raises NotTakenError."""
    kind, _colon, rest = key.partition(":")
    if kind == "s":
        row = next((p for p in proposal.content["partners"] if p["statement"] == rest), None)
        partner = selectors.open_statements().filter(pk=rest).first() if row else None
        if row and partner:
            return Chosen({**row, "key": key}, partner)
    elif key.startswith("e") and key[1:].isascii() and key[1:].isdigit() and len(key) < 5:
        options = proposal.content["options"]
        if int(key[1:]) < len(options):
            return Chosen({**options[int(key[1:])], "key": key}, None)
    raise NotTakenError


def take(proposal: Proposal, key: str, *, city: City, by: User, transition: str) -> ExchangeCase:
    """Open a case on an option: `propose` by the task force, `state_need` or `state_offer` by the enterprise
    whose need or offer the proposal answers.

    Raises NotTakenError, and RefusedError of the engine.
    """
    chosen = choose(proposal, key)
    asked = proposal.statement
    need, offer = (asked, chosen.partner) if asked.is_need else (chosen.partner, asked)
    values = {"match": f"{proposal.pk} {key}"}
    if transition != "propose":
        values[str(asked.kind)] = str(asked.pk)
    made: list[ExchangeCase] = []

    def keep(opened: Opened, event: CaseEvent) -> None:
        made.append(
            ExchangeCase.objects.create(
                file=opened.file, need=need, offer=offer, proposal=proposal, material=asked.material,
                material_zh=asked.material_zh, material_en=asked.material_en, unit=asked.unit,
                option=chosen.row, basis=_basis(proposal, city),
            )
        )  # fmt: skip
        for statement in filter(None, (need, offer)):
            _claim(statement, by)

    parties = _parties(city, need, offer, chosen)
    casefile.open_case(selectors.FLOW, Step(transition, values), parties=parties, by=by, then=keep)
    return made[0]


def _claim(statement: Statement, by: User | None) -> None:
    """One case at a time follows a statement up."""
    rows = selectors.every_statement().filter(pk=statement.pk).exclude(status=S.MATCHED)
    if not rows.update(status=S.MATCHED):
        raise NotTakenError
    actions.tell_others(statement, by)


def _basis(proposal: Proposal, city: City) -> dict[str, Any]:
    m = city.network.materials
    i = m.index.get(proposal.content["material"])
    tonnes = float(m.t_per_unit[i]) if i is not None else 1.0
    return {**proposal.content["basis"], "t_per_unit": tonnes if tonnes > 0 else 1.0}


def _parties(city: City, need: Statement | None, offer: Statement | None, chosen: Chosen) -> list[CaseParty]:
    """The enterprises of both sides, as far as they have people here, and the parks where they stand."""
    firms = {"needing": need.enterprise if need else None, "supplying": offer.enterprise if offer else None}
    parks = {s.park for s in (need, offer) if s is not None and s.park}
    plant = chosen.row.get("who", "")
    if plant in city.network.plants.index:
        parks.add(city.network.plants.park[city.network.plants.index[plant]])
        side = "supplying" if need is not None else "needing"
        firms[side] = firms[side] or firm_of(city, plant)
    rows = [CaseParty(relation=relation, enterprise=firm) for relation, firm in firms.items() if firm]
    return rows + [CaseParty(relation="place", park=park) for park in Park.objects.filter(code__in=parks)]


def firm_of(city: City, plant: str) -> Enterprise | None:
    """The enterprise of a plant that has people here: its own, or one above it."""
    network = city.network
    code = network.plants.enterprise[network.plants.index[plant]]
    for _step in range(10):
        found = Enterprise.objects.filter(code=code).first() if code else None
        if found is not None or code not in network.enterprises:
            return found
        code = network.enterprises[code].parent
    return None


def step(
    case: ExchangeCase, asked: Step, *, version: int, by: User, computed: Any, why: str = ""
) -> CaseFile:
    """Take a step; the statements' state and the verified result are written with it."""

    def then(opened: Opened, event: CaseEvent) -> None:
        _follow(case, opened, event, by)
        if asked.transition == "close":
            values = [float(asked.values[name]) for name in VERIFIED]
            VerifiedResult.objects.create(
                case=case, version=event.version, tonnes=values[0], cny=values[1], tce=values[2],
                co2=values[3], computed=computed or {}, reason=why, by=by, at=event.at,
            )  # fmt: skip

    return casefile.take_step(case.file, asked, version=version, by=by, then=then)


def _follow(case: ExchangeCase, opened: Opened, event: CaseEvent, by: User) -> None:
    """The statements' own state, where the step began or ended the case."""
    kind = opened.flow.transitions[event.transition].kind
    both = [s for s in (case.need, case.offer) if s is not None]
    if kind == "reopen":
        for statement in both:
            _claim(statement, by)
    elif opened.file.final:
        taken_back = Statement.Kind.OFFER if event.transition == "take_back" else Statement.Kind.NEED
        for statement in both:
            status = STATUS_AT_END.get(opened.file.state, S.OPEN)
            if status == S.WITHDRAWN and statement.kind != taken_back:
                status = S.OPEN
            actions.follow(statement, status, by=by)


def computed(case: ExchangeCase, opened: Opened, today: date | None = None) -> dict[str, float]:
    """What the case has brought since the first delivery, from the terms and the proof.

        tonnes = agreed t a year x days since the first delivery / 365
        cny, tce, co2 = tonnes / t a unit x what a unit brings

    Nothing below zero: where the proof finds a loss, 0 is proposed and a person says what holds.
    """
    evidence = opened.view(timezone.now()).standing.evidence
    quantity, first = evidence.get("quantity"), evidence.get("first_delivery")
    if not isinstance(quantity, int | float) or not isinstance(first, str):
        return {}
    days = max(((today or timezone.localdate()) - date.fromisoformat(first)).days, 0) + 1
    tonnes = float(quantity) * min(days, 3650) / 365
    units = tonnes / float(case.basis.get("t_per_unit") or 1.0)
    found = {"days": float(days), "tonnes": tonnes}
    for name in ("cny", "tce", "co2"):
        per_unit = float(case.basis.get(name) or 0.0)
        found |= {name: max(units * per_unit, 0.0), f"{name}_per_unit": per_unit}
    return found
