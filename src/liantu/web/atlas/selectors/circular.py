"""The circular accounts as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from liantu.chain.accounts import Accounts, Burden, LocalSupply, OutputValue, Route, UseRate


@dataclass(frozen=True)
class CircularPage:
    """The accounts, each list in the order in which it is read."""

    accounts: Accounts
    city: LocalSupply
    by_chain: tuple[LocalSupply, ...]
    by_material: tuple[LocalSupply, ...]
    by_products: tuple[UseRate, ...]
    output: tuple[OutputValue, ...]
    burdens: tuple[Burden, ...]
    routes: tuple[Route, ...]


def circular_page(accounts: Accounts) -> CircularPage:
    """The accounts of the plan, sorted; of the routes the running ones that raise the value most."""
    supply = accounts.local_supply
    return CircularPage(
        accounts=accounts,
        city=next(s for s in supply if s.scope == "city"),
        by_chain=_largest(s for s in supply if s.scope == "chain"),
        by_material=_largest(s for s in supply if s.scope == "material" and s.value_cny > 0)[:40],
        by_products=tuple(sorted(accounts.use_rates, key=lambda u: -u.made)),
        output=tuple(sorted((o for o in accounts.output if o.scope == "chain"), key=lambda o: -o.output_cny)),
        burdens=tuple(sorted(accounts.burdens, key=lambda b: -b.co2_t)[:25]),
        routes=best_routes(accounts.routes),
    )


def _largest(supply: Iterable[LocalSupply]) -> tuple[LocalSupply, ...]:
    return tuple(sorted(supply, key=lambda s: -s.value_cny))


def best_routes(routes: Iterable[Route], each: int = 2) -> tuple[Route, ...]:
    """Of each chain and element the running routes with the greatest multiple."""
    taken: dict[tuple[str, str], int] = {}
    out = []
    for r in sorted((r for r in routes if r.running), key=lambda r: -r.multiple):
        key = r.chain, r.element
        if taken.get(key, 0) < each:
            taken[key] = taken.get(key, 0) + 1
            out.append(r)
    return tuple(sorted(out, key=lambda r: (r.chain, -r.multiple)))


def by_product_use(accounts: Accounts) -> float | None:
    """Share of all solid waste that is used or sold; None where there is none."""
    return accounts.solid_waste.use_rate
