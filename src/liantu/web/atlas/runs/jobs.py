"""The engine at work: solve, read, and keep everything in the transaction in which the job ends."""

from __future__ import annotations

from liantu.i18n import gettext_noop as N_
from liantu.web.atlas.models import Run
from liantu.web.atlas.runs import actions, selectors
from liantu.web.jobs import Context, job


def _run(run: str) -> Run:
    found: Run = selectors.every().get(pk=run)
    return found


@job("atlas.plan")
def plan(context: Context, run: str) -> None:
    """Solve a scenario."""
    from liantu import runs
    from liantu.chain.accounts import circular_accounts
    from liantu.report.accounts import accounts_json
    from liantu.report.machine import plain
    from liantu.report.plan import plan_json
    from liantu.web.atlas.datasets.selectors import tables_of
    from liantu.web.atlas.runs import scenarios, stored

    asked = _run(run)
    context.progress(0, 3, N_("Reading the tables"))
    city = scenarios.opened(asked.scenario, tables_of(asked.version))
    context.progress(1, 3, N_("Solving"))
    solved = runs.plan(city)
    context.progress(2, 3, N_("Reading the plan"))
    report, accounts = plan_json(solved, city), accounts_json(circular_accounts(solved), city)
    packed = stored.pack_document(report), stored.pack_document(accounts), stored.pack_plan(solved)
    with context.commit() as result:
        actions.keep(
            asked,
            report=packed[0],
            accounts=packed[1],
            stored=packed[2],
            objective=solved.objective,
            certificate={**plain(solved.certificate), "holds": solved.certificate.holds},
            findings=len(runs.findings(solved)),
        )
        result["objective_cny"] = solved.objective
        if asked.publish:
            result["published"] = actions.publish_unless_overtaken(asked) is not None
        elif asked.options.get("gaps"):
            actions.find_gaps(asked, by=asked.created_by)


@job("atlas.gaps", background=True)
def gaps(context: Context, run: str) -> None:
    """Find the missing links of a plan."""
    from liantu import runs
    from liantu.report.gaps import gaps_json
    from liantu.web.atlas.datasets.selectors import tables_of
    from liantu.web.atlas.runs import scenarios, stored

    asked = _run(run)
    city = scenarios.opened(asked.scenario, tables_of(asked.version))

    def moved(done: int, total: int, *_name: str) -> None:
        context.progress(done, total, N_("Solving the plan again with each missing link"))

    found = runs.gaps(city, moved)
    report, kept = stored.pack_document(gaps_json(found, city)), stored.pack_record(found)
    with context.commit() as result:
        actions.keep(asked, report=report, stored=kept, objective=found.base_value)
        result["solves"] = found.solves


@job("atlas.portfolio")
def portfolio(context: Context, run: str) -> None:
    """Choose the candidates that are worth most together."""
    from liantu import runs
    from liantu.report.portfolio import portfolio_json
    from liantu.web.atlas.datasets.selectors import tables_of
    from liantu.web.atlas.runs import scenarios, stored

    asked = _run(run)
    city = scenarios.opened(asked.scenario, tables_of(asked.version))
    options = dict(asked.options)
    rooms = runs.Rooms(**options.pop("rooms", {}))

    def moved(done: int, total: int) -> None:
        context.progress(done, total, N_("Choosing among sets of candidates"))

    found = runs.portfolio(city, rooms, progress=moved, **options)
    report, kept = stored.pack_document(portfolio_json(found, city)), stored.pack_record(found)
    with context.commit() as result:
        actions.keep(asked, report=report, stored=kept, objective=found.worth_cny_per_year)
        result["chosen"] = len(found.chosen)
