"""The people of the stories, and a hand to walk a case of the exchange with."""

from __future__ import annotations

from datetime import datetime

from liantu.casework.act import Refusal, act
from liantu.casework.case import Actor, Case, Value, new_case
from liantu.casework.flow_read import shipped_flow
from liantu.casework.instants import CHINA

EXCHANGE = shipped_flow("exchange")

NEEDING = Actor("ti-maker", frozenset({"enterprise"}), frozenset({"needing"}))
SUPPLYING = Actor("chlor-alkali", frozenset({"enterprise"}), frozenset({"supplying"}))
OUTSIDER = Actor("rival", frozenset({"enterprise"}))
OWNER = Actor("wang", frozenset({"task_force"}))
COLLEAGUE = Actor("li", frozenset({"task_force"}))
LEAD = Actor("zhao", frozenset({"task_force_lead"}))
LEADER = Actor("chen", frozenset({"leader"}))
PARK = Actor("sun", frozenset({"park_officer"}))

EVIDENCE: dict[str, Value] = {
    "need": "chlorine 20 kt/y", "match": "m-17", "answer": "none within range", "note": "soon, please",
    "offer": "o7",
    "contact_note": "both willing", "visit_record": "file:1", "quantity": 20000.0, "price": 0,
    "contract_file": "file:2", "signed_on": "2025-10-09", "link_record": "file:3",
    "first_delivery": "2025-12-01", "shutdown_notice": "file:4", "restart_notice": "file:5",
    "safety_filing": "file:6", "safety_opinion": "file:7", "verified_tonnes": 1200.0,
    "verified_cny": 1.2e6, "verified_tce": 30.5, "verified_co2": 80.0, "rating": 5,
}  # fmt: skip


def at(text: str) -> datetime:
    """'2025-09-30 17:00' in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def attempt(
    case: Case,
    step: str,
    by: Actor,
    when: str,
    *,
    version: int | None = None,
    reason: str | None = None,
    owner: str | None = None,
    **changed: Value | None,
) -> Case | Refusal:
    """Take a step with what it asks for; `changed` replaces evidence, or leaves it out with None."""
    transition = EXCHANGE.transitions[step]
    evidence: dict[str, Value] = {name: EVIDENCE[name] for name in transition.evidence}
    evidence |= {name: value for name, value in changed.items() if value is not None}
    for name in (name for name, value in changed.items() if value is None):
        evidence.pop(name)
    return act(
        EXCHANGE,
        case,
        step,
        by=by,
        at=at(when),
        version=case.version if version is None else version,
        evidence=evidence,
        reason=("said why" if transition.needs_reason else "") if reason is None else reason,
        owner=owner,
    )


def walk(*steps: tuple[str, Actor, str], case: Case | None = None, owner: str | None = None) -> Case:
    """The case after steps that are all granted; `owner` is named by those that name one."""
    case = case or new_case(EXCHANGE, "c1")
    for step, by, when in steps:
        named = owner if EXCHANGE.transitions[step].owner == "named" else None
        done = attempt(case, step, by, when, owner=named)
        assert isinstance(done, Case), done
        case = done
    return case


TO_CONTRACT = (
    ("state_need", NEEDING, "2025-09-26 10:00"),
    ("take", OWNER, "2025-09-26 16:00"),
    ("make_contact", OWNER, "2025-09-28 09:00"),
    ("visit", OWNER, "2025-09-30 09:00"),
    ("agree", OWNER, "2025-10-09 09:00"),
    ("sign", OWNER, "2025-10-10 09:00"),
)
TO_CLOSED = (
    *TO_CONTRACT,
    ("connect", PARK, "2025-11-20 09:00"),
    ("supply", SUPPLYING, "2025-12-01 09:00"),
    ("close", LEAD, "2025-12-05 09:00"),
)
