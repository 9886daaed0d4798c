"""The three gap lists and their proofs, once they are computed."""

from __future__ import annotations

from dataclasses import dataclass

from liantu.chain.gap_report import CandidateGap, ExtendGap, FillGap, GapReport, Proof, StrengthenGap

Row = FillGap | ExtendGap | StrengthenGap
LISTS = ("fill", "extend", "strengthen")


@dataclass(frozen=True)
class ProofPage:
    """A set of candidates built together: the proof, and what each of its members is by itself."""

    proof: Proof
    members: tuple[CandidateGap, ...]
    rising: int
    falling: int


def rows_of(report: GapReport, name: str) -> tuple[Row, ...]:
    """One of the lists as ranked."""
    lists: dict[str, tuple[Row, ...]] = {
        "fill": report.fill,
        "extend": report.extend,
        "strengthen": report.strengthen,
    }
    return lists[name]


def paying(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows that something would pay for: a proved worth above zero."""
    return tuple(r for r in rows if (r.worth_cny_per_year or 0.0) > 0)


def proof_page(report: GapReport, name: str) -> ProofPage | None:
    """The page of a proof; None where there is none of this id."""
    proof = next((p for p in report.proofs if p.id == name), None)
    if proof is None:
        return None
    inside = {m.id for m in proof.members}
    return ProofPage(
        proof=proof,
        members=tuple(c for c in report.candidates if c.id in inside),
        rising=sum(p.after > p.before for p in proof.plants),
        falling=sum(p.after < p.before for p in proof.plants),
    )


def proof_of_candidate(report: GapReport | None, name: str) -> CandidateGap | None:
    """What the gap analysis says of a candidate; None where it is not done or does not know it."""
    return next((c for c in report.candidates if c.id == name), None) if report else None
