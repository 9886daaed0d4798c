"""The page of a document: its text with the figures marked, and what is proposed of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from liantu.ledger.catalogue import Catalogue
from liantu.ledger.observation import Observation
from liantu.ledger.periods import BadPeriod, parse_period
from liantu.web.accounts.models import User
from liantu.web.figures import intake, selectors
from liantu.web.figures.models import Document, ProposedFigure
from liantu.web.figures.rows import key_digest
from liantu.web.figures.shown import (
    MEASURES,
    QUALIFIERS,
    STATUSES,
    Shown,
    indicator_name,
    period_text,
    shown,
    subject_name,
)
from liantu.web.kit.naming import Named

LOW, SURE = 0.7, 0.82
"""Confidence of a field below which it is low, and from which the reader counts as sure of it: a default
such as 'actual', right in 85 of 100, is sure; a guessed unit, right in 80, is not."""
GROWTHS = {"yoy": _("on the year"), "avg": _("a year on average"), "cum": _("over the whole period")}


@dataclass(frozen=True)
class Cell:
    """A field of a proposal: what it says, and how sure the reader is."""

    name: str
    text: str
    confidence: float
    rule: str

    @property
    def sure(self) -> str:
        return "low" if self.confidence < LOW else "middle" if self.confidence < SURE else "high"

    @property
    def percent(self) -> int:
        return round(self.confidence * 100)


@dataclass(frozen=True)
class ProposalShown:
    """A proposal as the page shows it; `conflicts` are figures of the ledger under the same key that can't be
    meant as well, `known` those that say the same."""

    proposal: ProposedFigure
    cells: tuple[Cell, ...]
    qualifier: str
    conflicts: tuple[Shown, ...]
    known: tuple[Shown, ...]
    possible: bool

    @property
    def open(self) -> bool:
        return bool(self.proposal.state == ProposedFigure.State.OPEN)

    @property
    def sure(self) -> bool:
        """Whether the reader is sure of each field."""
        return bool(self.proposal.lowest >= SURE)


@dataclass(frozen=True)
class Piece:
    """A piece of the text; `numbers` are the proposals whose span it is, none for what stands between."""

    start: int
    text: str
    numbers: tuple[int, ...] = ()
    state: str = ""
    sure: str = ""


def proposals(document: Document, user: User, known: Catalogue, order: str) -> list[ProposalShown]:
    """What is proposed, the least sure first, or in the order of the text."""
    rows = list(selectors.proposals(document).select_related("decided_by"))
    could = intake.observations(document)
    rivals = _rivals(user, could)
    found = [_shown(p, could.get(p.number), known, rivals) for p in rows]
    if order == "text":
        return sorted(found, key=lambda s: (s.proposal.start, s.proposal.number))
    return sorted(found, key=lambda s: (not s.open, s.proposal.lowest, s.proposal.start, s.proposal.number))


def _rivals(user: User, could: dict[int, Observation]) -> dict[str, list[Any]]:
    """Figures in force under the keys of the proposals."""
    keys = sorted({key_digest(o) for o in could.values()})
    found: dict[str, list[Any]] = {}
    for i in range(0, len(keys), 500):
        rows = selectors.listed(user).filter(key__in=keys[i : i + 500], standing__in_force=True)
        for row in rows.select_related("entered_by"):
            found.setdefault(row.key, []).append(row)
    return found


def _shown(
    p: ProposedFigure, seen: Observation | None, known: Catalogue, rivals: dict[str, list[Any]]
) -> ProposalShown:
    from liantu.web.figures.rows import observation_of

    now: Any = p.now
    against: list[Shown] = []
    same: list[Shown] = []
    for row in rivals.get(key_digest(seen), ()) if seen is not None else ():
        if row.pk == p.observation_id or seen is None:
            continue
        other = observation_of(row)
        fits = other.interval.meets(seen.interval)
        (same if fits else against).append(shown(row, known))
    return ProposalShown(
        proposal=p, cells=_cells(p, now, seen, known), conflicts=tuple(against), known=tuple(same),
        qualifier=str(QUALIFIERS.get(now["qualifier"] or "", "")), possible=seen is not None,
    )  # fmt: skip


def _cells(p: ProposedFigure, now: Any, seen: Observation | None, known: Catalogue) -> tuple[Cell, ...]:
    def name(of: str, look: Any, code: str) -> str:
        found: Named = look(code, known)
        return str(found) if of else "?"

    subject = name(now["subject"], subject_name, seen.subject if seen else now["subject"] or "")
    indicator = name(now["indicator"], indicator_name, seen.indicator if seen else now["indicator"] or "")
    measure = f"{MEASURES.get(now['measure'], now['measure'])} {GROWTHS.get(now['growth_basis'] or '', '')}"
    texts = {
        "subject": subject, "indicator": indicator, "period": _period(now["period"]),
        "measure": measure.strip(),
        "status": str(STATUSES.get(now["status"], now["status"])),
    }  # fmt: skip
    confidence = now["confidence"]
    return tuple(Cell(n, t, float(confidence.get(n, 1.0)), p.rules.get(n, "")) for n, t in texts.items())


def _period(text: str | None) -> str:
    try:
        return period_text(parse_period(text)) if text else period_text(None)
    except BadPeriod:
        return str(text)


def pieces(text: str, found: Sequence[ProposalShown]) -> list[Piece]:
    """The text cut at the figures; where spans overlap, the first one wins. CR is shown as a blank, so that
    a browser counts the same characters."""
    spans: dict[tuple[int, int], list[ProposalShown]] = {}
    for one in sorted(found, key=lambda s: (s.proposal.start, -s.proposal.end)):
        spans.setdefault((one.proposal.start, one.proposal.end), []).append(one)
    made, at, plain = [], 0, text.replace("\r", " ")
    for (start, end), here in spans.items():
        if start < at:
            continue
        if start > at:
            made.append(Piece(at, plain[at:start]))
        state = "open" if any(s.open for s in here) else here[0].proposal.state
        lowest = min(s.proposal.lowest for s in here)
        sure = "low" if lowest < LOW else "middle" if lowest < SURE else "high"
        numbers = tuple(s.proposal.number for s in here)
        made.append(Piece(start, plain[start:end], numbers, state, sure))
        at = end
    if at < len(plain):
        made.append(Piece(at, plain[at:]))
    return made
