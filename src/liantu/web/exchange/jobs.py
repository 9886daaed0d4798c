"""Proposals that are made again: when the city's data change, and when another statement comes or goes."""

from __future__ import annotations

from liantu.web.atlas import runs
from liantu.web.jobs import Context, job

DATA, OTHERS, STATED = "exchange.repropose", "exchange.pair", "exchange.match"
if DATA not in runs.after_publish:
    runs.after_publish.append(DATA)


@job(DATA, background=True)
def repropose_all(context: Context, run: str = "") -> dict[str, int]:
    """Ask the engine again for every open statement; what the new tables don't know keeps its proposal."""
    from liantu.errors import InputError
    from liantu.web.exchange import actions, selectors
    from liantu.web.exchange.models import Proposal

    city, new, failed = actions.published_city(), 0, 0
    keys = list(selectors.open_statements().values_list("pk", flat=True))
    for done, key in enumerate(keys):
        context.progress(done, len(keys), "Matching again")
        statement = selectors.open_statements().select_related("proposal").filter(pk=key).first()
        if statement is None:
            continue
        try:
            new += actions.repropose(statement, city=city, because=Proposal.Because.DATA) is not None
        except InputError:
            failed += 1
    return {"new": new, "failed": failed}


@job(STATED)
def match_one(context: Context, statement: str) -> dict[str, int]:
    """Match what was stated while others were being matched."""
    from liantu.web.exchange import actions, selectors
    from liantu.web.exchange.models import Proposal

    asked = selectors.open_statements().filter(pk=statement).first()
    if asked is None:
        return {"new": 0}
    made = actions.repropose(asked, city=actions.published_city(), because=Proposal.Because.STATED)
    return {"new": int(made is not None)}


@job(OTHERS)
def pair_others(context: Context, statement: str) -> dict[str, int]:
    """Look again at the statements that this one might pair with."""
    from liantu.web.atlas.city import NoCityError
    from liantu.web.exchange import actions, selectors

    asked = selectors.every_statement().filter(pk=statement).first()
    if asked is None:
        return {"new": 0}
    try:
        city, new = actions.published_city(), 0
    except NoCityError:
        return {"new": 0}  # the next plan that is published matches all again
    others = selectors.counterparts(asked, city.network)
    for done, other in enumerate(others):
        context.progress(done, len(others), "Matching again")
        new += actions.pair_again(other, city=city) is not None
    return {"new": new}
