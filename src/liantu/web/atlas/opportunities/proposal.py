"""What an opportunity says of a gap: read from the gap report once, when it is sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from liantu.chain.gap_report import GapReport, Proof
from liantu.web.atlas.city import City
from liantu.web.atlas.models import Run
from liantu.web.atlas.selectors import gap_lists

LINKS = {"fill": "fill", "extend": "extend", "strengthen": "strengthen"}


@dataclass(frozen=True)
class Proposal:
    """A gap or a proof, as it is sent; money a year in CNY, None where nothing was proved."""

    subject: str
    kind: str
    title_zh: str
    title_en: str
    gap: str = ""
    proof: str = ""
    worth: float | None = None
    gain: float | None = None
    capital: float | None = None
    payback_years: float | None = None
    park: str = ""
    members: list[dict[str, Any]] = field(default_factory=list)


def basis_of(plan: Run) -> str:
    """Of which data and scenario a plan is: the same basis has the same gaps."""
    return hashlib.sha256(f"{plan.version.digest}\n{plan.scenario}".encode()).hexdigest()


def of_row(city: City, report: GapReport, kind: str, gap: str) -> Proposal | None:
    """A row of a gap list with its best option; None where there is no such row."""
    row = next((r for r in gap_lists.rows_of(report, kind) if r.id == gap), None)
    if row is None:
        return None
    best = row.options[0].proof if row.options else ""
    proof = next((p for p in report.proofs if p.id == best), None)
    if proof is not None:
        return _proved(city, proof, kind, gap)
    zh, en = _subject_names(city, row)
    return Proposal(subject=gap, kind=kind, gap=gap, title_zh=zh, title_en=en, worth=row.worth_cny_per_year)


def of_proof(city: City, report: GapReport, name: str) -> Proposal | None:
    """A set of candidates as proved; None where there is no such proof."""
    proof = next((p for p in report.proofs if p.id == name), None)
    if proof is None:
        return None
    links = {c.id: c.link_type for c in report.candidates}
    kind = LINKS.get(links.get(proof.members[0].id, ""), "fill")
    return _proved(city, proof, kind, "")


def subject_of(row: gap_lists.Row) -> str:
    """What stands for a row: its best proof, else itself."""
    return row.options[0].proof if row.options else row.id


def _proved(city: City, proof: Proof, kind: str, gap: str) -> Proposal:
    members = [_member(city, m) for m in proof.members]
    return Proposal(
        subject=proof.id,
        kind=kind,
        gap=gap,
        proof=proof.id,
        title_zh=" + ".join(m["name_zh"] for m in members),
        title_en=" + ".join(m["name_en"] or m["name_zh"] for m in members),
        worth=proof.worth_cny_per_year,
        gain=proof.gain_cny_per_year,
        capital=proof.capital_cny,
        payback_years=proof.payback_years,
        park=members[0]["park"],
        members=members,
    )


def _member(city: City, member: Any) -> dict[str, Any]:
    """A plant of the set, told so that it is understood without the run."""
    n = city.network
    f = n.plants.index.get(member.id)
    recipe = n.recipes.index[member.process]
    named = city.plant(member.id) if f is not None else city.recipe(member.process)
    return {
        "id": member.id,
        "name_zh": named.zh,
        "name_en": named.en,
        "process": member.process,
        "scale": member.scale,
        "unit": n.materials.unit[n.recipes.reference[recipe]],
        "capital_cny": member.capital_cny,
        "park": n.plants.park[f] if f is not None else "",
    }


def _subject_names(city: City, row: Any) -> tuple[str, str]:
    """What a row without a proof is about: a material, a plant's capacity or a cap."""
    name = getattr(row, "material", None) or row.subject
    n = city.network
    if name in n.materials.index:
        named = city.material(name)
    elif name in n.plants.index:
        named = city.plant(name)
    else:
        return name, name
    return named.zh, named.en
