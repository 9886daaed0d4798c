"""Lists that sort and search by the address: `sort=-load&q=acid&page=2`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import QueryDict

from liantu.web.kit import parameters

Row = TypeVar("Row")
Key = Callable[[Row], float | str]
PER_PAGE = 100


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """One page of the rows that were asked for."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    sort: str
    q: str

    @property
    def before(self) -> int:
        """The page before this one; 0 where there is none."""
        return self.page - 1

    @property
    def after(self) -> int:
        """The page after this one; 0 where there is none."""
        return self.page + 1 if self.page < self.pages else 0


def listing(
    get: QueryDict,
    rows: Iterable[Row],
    keys: Mapping[str, Key[Row]],
    words: Callable[[Row], str],
    default: str,
) -> Listing[Row]:
    """Search the rows by `q` in their words, sort them by one of `keys` ('-' in front: from the largest)."""
    allowed = [sign + name for name in keys for sign in ("", "-")]
    sort = parameters.choice(get, "sort", allowed, default)
    q = parameters.text(get, "q")
    page = parameters.page_number(get)
    terms = q.lower().split()
    found = [row for row in rows if all(term in words(row) for term in terms)]
    key = keys[sort.removeprefix("-")]
    found.sort(key=lambda row: _comparable(key(row)), reverse=sort.startswith("-"))
    pages = max(1, math.ceil(len(found) / PER_PAGE))
    if page > pages:
        raise parameters.BadParameterError("page", str(page), [str(n) for n in range(1, pages + 1)])
    return Listing(found[(page - 1) * PER_PAGE : page * PER_PAGE], len(found), page, pages, sort, q)


def _comparable(value: float | str) -> tuple[int, float | str]:
    """What is not known comes before every number."""
    if isinstance(value, str):
        return (0, value.lower())
    return (-1, 0.0) if math.isnan(value) else (0, value)
