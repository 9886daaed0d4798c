"""Missing links: three ranked lists from one plan, screened by price and proved by solving again.

fill: bought in or dumped for want of a link. extend: leaves the city while a known recipe would raise
it. strengthen: capacities and caps that bind. The figures are described in `gap_report`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from liantu.chain.gap_candidates import (
    Judged,
    Screened,
    judge,
    open_candidates,
    partner_sets,
    screen_candidates,
)
from liantu.chain.gap_evidence import Book, Priced, payback, price, prove, set_id
from liantu.chain.gap_extend import extend_gaps
from liantu.chain.gap_fill import fill_gaps
from liantu.chain.gap_notional import propose, with_plants
from liantu.chain.gap_proof import Prover
from liantu.chain.gap_report import CandidateGap, GapReport, Leg, Proof
from liantu.chain.gap_screen import DUMPED, MARKET, PLACE
from liantu.chain.gap_strengthen import binding, ranked, strengthen_gaps
from liantu.chain.model import build_model
from liantu.chain.network import Network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.reduced import solve_model
from liantu.chain.scenario import Scenario
from liantu.chain.sweep import sweep

Progress = Callable[[int, int, str], None]
"""Called with (steps done, steps in all, id of what was done)."""

PRICED_PROOFS = 100  # proofs whose local prices are read, the best ones first


def find_gaps(
    network: Network,
    scenario: Scenario = Scenario(),  # noqa: B008 (frozen)
    progress: Progress | None = None,
    top: int | None = None,
) -> GapReport:
    """The gap analysis of a scenario.

    Every candidate that the scenario neither builds nor closes is screened at the prices of the
    scenario's plan, then proved alone and with its partners; so is a notional plant of each known recipe
    without a candidate that the screen does not rule out. `top` keeps the first rows of each list, and
    the proofs and candidates that they name. Raises InputError as `make_plan` does, SolverError where
    the solver fails.
    """
    plan = make_plan(network, scenario)
    own = open_candidates(network, ~plan.model.settings.open, scenario.close)
    notionals = propose(plan, own)
    wide = with_plants(network, notionals)
    prover = Prover(wide, scenario)
    candidates = open_candidates(wide, ~prover.model.settings.open, scenario.close)
    bound = binding(plan)
    steps = _Steps(progress, 2 * len(candidates) + len(bound))
    screened = screen_candidates(plan, prover, candidates)
    tested, groups = partner_sets(wide, candidates)
    judged = []
    for j in judge(prover, candidates, tested):
        judged.append(j)
        steps.done(wide.plants.id[j.plant])
    gaps = tuple(_candidate(prover, plan, j, screened, len(network.plants.id)) for j in judged)
    sets = {set_id(wide, j.best): j.best for j in judged}
    fill = fill_gaps(plan, prover, gaps, sets)
    extend = extend_gaps(plan, prover, gaps, sets, screened)
    rows = []
    for row in strengthen_gaps(plan, prover, gaps, sets, bound):
        rows.append(row)
        steps.done(row.id)
    report = GapReport(
        base_value=prover.base.value,
        charge_rate=plan.model.settings.charge_rate,
        fill=fill[:top],
        extend=extend[:top],
        strengthen=ranked(rows)[:top],
        candidates=tuple(sorted(gaps, key=lambda c: (-c.worth_cny_per_year, c.id))),
        groups=tuple(set_id(wide, g) for g in groups),
        notionals=notionals,
        proofs=(),
        solves=0,
    )
    report = report if top is None else _cut(report, top)
    wanted = {c.proof: sets[c.proof] for c in report.candidates} | {set_id(wide, g): g for g in groups}
    proofs = _proofs(plan, prover, scenario, wanted, screened, steps)
    steps.finish()
    return replace(report, proofs=proofs, solves=prover.solves)


class _Steps:
    """Counts steps for a progress callback."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._count = progress, total, 0

    def done(self, label: str) -> None:
        self._count = min(self._count + 1, self._total)
        if self._progress is not None:
            self._progress(self._count, self._total, label)

    def finish(self) -> None:
        if self._progress is not None and self._count < self._total:
            self._progress(self._total, self._total, "")


def _candidate(prover: Prover, plan: Plan, j: Judged, screened: Screened, n_own: int) -> CandidateGap:
    n, b, p = prover.network, screened.position(j.plant), prover.network.plants
    state, scale = prover.state(j.best), float(prover.model.settings.capacity[j.plant])
    gain, capital = j.worth + prover.charge(j.best), prover.model.settings.capital
    names = {f: p.id[f] for f in (*j.best, *j.tested)}
    return CandidateGap(
        id=p.id[j.plant],
        source="candidates" if j.plant < n_own else "recipe",
        link_type=p.link_type[j.plant],
        process=n.recipes.id[p.recipe[j.plant]],
        park=p.park[j.plant],
        scale=scale,
        capital_cny=float(capital[j.plant]),
        worth_cny_per_year=j.worth,
        first_order_cny_per_year=float(screened.worth[b]),
        alone_cny_per_year=j.alone,
        with_partners_cny_per_year=j.together,
        added_cny_per_year=j.added,
        partners=tuple(names[f] for f in sorted(j.best - {j.plant})),
        partners_tested=tuple(names[f] for f in sorted(j.tested - {j.plant})),
        margin_cny_per_unit=float(screened.margin[b]),
        load=float(state.activity[j.plant]) / scale if scale > 0 else 0.0,
        payback_years=payback(float(capital[sorted(j.best)].sum()), gain, plan),
        proof=set_id(n, j.best),
        legs=_legs(plan, screened, b, scale),
    )


def _legs(plan: Plan, screened: Screened, b: int, scale: float) -> tuple[Leg, ...]:
    s, names = screened.screen, plan.network.materials.id
    out = []
    for i in (s.bundle == b).nonzero()[0]:
        quantity, price = float(s.coefficient[i]) * scale, float(s.price[i])
        partner = {MARKET: "sell" if quantity > 0 else "buy", DUMPED: "dump"}.get(int(s.partner[i]), "")
        if s.partner[i] == PLACE:
            partner = plan.model.rows.place[s.row[i]]
        out.append(Leg(names[s.material[i]], quantity, price, partner, quantity * price))
    return tuple(sorted(out, key=lambda leg: -abs(leg.value_cny)))


def _cut(report: GapReport, top: int) -> GapReport:
    """The report with only the candidates that its rows name, and the best `top`."""
    named = {o.id for row in report.fill for o in row.options}
    named |= {o.id for row in report.extend for o in row.options}
    named |= {o.id for row in report.strengthen for o in row.options}
    kept = tuple(c for k, c in enumerate(report.candidates) if k < top or c.id in named)
    return replace(report, candidates=kept)


def _proofs(
    plan: Plan,
    prover: Prover,
    scenario: Scenario,
    wanted: dict[str, frozenset[int]],
    screened: Screened,
    steps: _Steps,
) -> tuple[Proof, ...]:
    """A proof of each set, best first; local prices are read for the best PRICED_PROOFS."""
    book, out = Book(prover.network), []
    before = price(plan.model, plan.solution)
    order = sorted(wanted, key=lambda name: (-prover.worth(wanted[name]), name))
    ids = prover.network.plants.id
    sets = [frozenset(ids[f] for f in wanted[name]) for name in order[:PRICED_PROOFS]]
    after = sweep(partial(_priced, prover.network, scenario), sets)
    for k, name in enumerate(order):
        built = wanted[name]
        prices = (before, next(after)) if k < PRICED_PROOFS else None
        first_order = float(sum(screened.worth[screened.position(f)] for f in built))
        out.append(prove(prover, built, first_order, book, plan, prices))
        steps.done(name)
    return tuple(out)


def _priced(network: Network, scenario: Scenario, built: frozenset[str]) -> Priced:
    """Local prices with candidates built, from a solve of its own: the same in whichever process."""
    model = build_model(network, replace(scenario, add=scenario.add | built))
    return price(model, solve_model(model))
