"""The plans of several scenarios, spread over processes where that pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from liantu.chain.network import Network
from liantu.chain.plan import Plan, make_plan
from liantu.chain.scenario import Scenario
from liantu.chain.sweep import crew, spread, sweep

LARGE = 10_000  # plants of a network that is worth a process of its own

Asked = tuple[Network, Scenario]


def make_plans(asked: Sequence[Asked], workers: int | None = None) -> Iterator[Plan]:
    """`make_plan` of each, in their order; the same plans, to the last digit, whoever solves them.

    Large networks are spread from the first on, small ones once there are many (see `sweep.sweep`). Raises
    InputError and SolverError as `make_plan` does, InputError where a cluster can't be used.
    """
    if min((len(network.plants.id) for network, _ in asked), default=0) < LARGE:
        yield from sweep(planned, asked, workers)
        return
    with crew(workers, pays=len(asked) > 1) as executor:
        yield from spread(planned, asked, executor)


def planned(asked: Asked) -> Plan:
    """One of them."""
    return make_plan(*asked)
