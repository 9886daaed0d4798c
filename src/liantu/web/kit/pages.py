"""Lists of any length: searched, filtered, sorted and cut into pages by the address.

    PEOPLE = Columns(
        sorts={"name": ("name", "username"), "since": ("date_joined",)},
        default="name",
        search=("name", "username"),
        filters=(Filter("role", _("Role"), Role.choices, "memberships__role"),),
    )

    found = paged(request.GET, User.objects.filter(is_active=True), PEOPLE)
    return render(request, "accounts/people.html", {"list": found})

The rows are a queryset (two queries: how many, and one page of them) or a sequence in memory. The template
shows the form with `{% list_filters list %}`, the heads with `{% sort_header %}`, the pages with
`{% list_pages list %}`; all three keep the rest of the address.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from liantu.web.kit import parameters
from liantu.web.kit.parameters import BadParameterError

Row = TypeVar("Row")
Options = Sequence[tuple[str, Any]]
PER_PAGE = 50
SIZES = ("20", "50", "100", "200")


@dataclass(frozen=True)
class Filter:
    """One choice above a list: `name` in the address; `options` are (value, label), or a function that
    gives them; `how` is the lookup, or a function (rows, value) -> rows.
    """

    name: str
    label: Any
    options: Options | Callable[[], Options]
    how: str | Callable[[Any, str], Any] = ""
    every: Any = ""  # what the choice of none is called

    def choices(self) -> Options:
        """The options as they are now."""
        return self.options() if callable(self.options) else self.options

    def apply(self, rows: Any, value: str) -> Any:
        """The rows that answer to it."""
        how = self.how or self.name
        if callable(how):
            return how(rows, value)
        if isinstance(rows, QuerySet):
            return rows.filter(**{how: value})
        get = attrgetter(how.replace("__", "."))
        return [row for row in rows if str(get(row)) == value]


@dataclass(frozen=True)
class DayFilter(Filter):
    """From or up to a day: `how` is a lookup such as `created_at__date__gte`; querysets only."""

    options: Options | Callable[[], Options] = ()

    def apply(self, rows: Any, value: str) -> Any:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise BadParameterError(self.name, value, ("2026-01-31",)) from None
        return self.how(rows, value) if callable(self.how) else rows.filter(**{self.how: day})


@dataclass(frozen=True)
class Columns:
    """What a list can be asked: `sorts` name the columns and the fields they sort by, `default` is one of
    them ('-' in front: from the largest), `search` the fields in which words are looked for.
    """

    sorts: Mapping[str, Sequence[str]]
    default: str
    search: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    hint: Any = ""  # what can be searched for, shown in the empty field
    per_page: int = PER_PAGE


@dataclass(frozen=True)
class Chosen:
    """A filter with what was chosen of it; options are (value, label, whether it is this one)."""

    filter: Filter
    value: str
    options: Sequence[tuple[str, Any, bool]]

    @property
    def is_day(self) -> bool:
        """Whether it is a day that is typed, not a choice."""
        return isinstance(self.filter, DayFilter)


@dataclass(frozen=True)
class Paged(Generic[Row]):
    """One page of the rows that were asked for; `whole` are all of them, for an export."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    per: int
    sort: str
    q: str
    columns: Columns
    chosen: Sequence[Chosen] = field(default=())
    whole: Any = ()

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def before(self) -> int:
        """The page before this one; 0 where there is none."""
        return self.page - 1

    @property
    def after(self) -> int:
        """The page after this one; 0 where there is none."""
        return self.page + 1 if self.page < self.pages else 0

    @property
    def first(self) -> int:
        """The number of the first row shown, counted from 1; 0 where there is none."""
        return (self.page - 1) * self.per + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return (self.page - 1) * self.per + len(self.rows)

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter is on: an empty list then means something else."""
        return bool(self.q or any(c.value for c in self.chosen))

    def __getitem__(self, name: str) -> str:
        """What was chosen of a filter, by its name; '' for none. Templates ask here first for any name."""
        for c in self.chosen:
            if c.filter.name == name:
                return c.value
        raise KeyError(name)


def paged(get: QueryDict, rows: QuerySet[Any] | Sequence[Row], columns: Columns) -> Paged[Any]:
    """The page that the address asks for. Raises BadParameterError for what it can't mean."""
    sort = parameters.choice(get, "sort", [s + n for n in columns.sorts for s in ("", "-")], columns.default)
    q = parameters.text(get, "q") if columns.search else ""
    page = parameters.page_number(get)
    per = int(parameters.choice(get, "per", SIZES, str(columns.per_page)))
    chosen = [_chosen(get, f) for f in columns.filters]
    found: Any = rows
    for choice in chosen:
        if choice.value:
            found = choice.filter.apply(found, choice.value)
    fields = columns.sorts[sort.removeprefix("-")]
    if isinstance(found, QuerySet):
        found = _sorted(_searched(found, q, columns.search), fields, sort.startswith("-"))
        total = found.count()
    else:
        found = _sorted_rows(_searched_rows(found, q, columns.search), fields, sort.startswith("-"))
        total = len(found)
    pages = max(1, math.ceil(total / per))
    if page > pages:
        raise BadParameterError("page", str(page), [str(n) for n in range(1, pages + 1)])
    cut = list(found[(page - 1) * per : page * per])
    return Paged(cut, total, page, pages, per, sort, q, columns, chosen, found)


def _chosen(get: QueryDict, f: Filter) -> Chosen:
    if isinstance(f, DayFilter):
        return Chosen(f, parameters.text(get, f.name), ())
    options = [(str(value), label) for value, label in f.choices()]
    value = parameters.choice(get, f.name, [v for v, _ in options])
    return Chosen(f, value, tuple((v, label, v == value) for v, label in options))


def _searched(rows: QuerySet[Any], q: str, fields: Sequence[str]) -> QuerySet[Any]:
    """Each word stands in one of the fields."""
    for word in q.split():
        wanted = Q()
        for name in fields:
            wanted |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(wanted)
    return rows


def _sorted(rows: QuerySet[Any], fields: Sequence[str], down: bool) -> QuerySet[Any]:
    """By the fields and then by key, so that no row stands on two pages; what is not known comes last."""
    order = [_order(rows, f, down) for f in fields if f not in ("pk", rows.model._meta.pk.name)]
    return rows.order_by(*order, "-pk" if down else "pk")


def _order(rows: QuerySet[Any], name: str, down: bool) -> Any:
    """Said of nulls only where there may be some: an index is not used otherwise."""
    if not _may_be_null(rows.model, name):
        return f"-{name}" if down else name
    return F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True)


def _may_be_null(model: Any, name: str) -> bool:
    for part in name.split("__"):
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True  # an annotation
        if found.null:
            return True
        model = found.related_model
    return False


def _searched_rows(rows: Sequence[Row], q: str, fields: Sequence[str]) -> Sequence[Row]:
    terms = q.lower().split()
    if not terms:
        return rows
    reads = [attrgetter(f.replace("__", ".")) for f in fields]

    def words(row: Row) -> str:
        return "\n".join(str(read(row)) for read in reads).lower()

    return [row for row in rows if all(term in words(row) for term in terms)]


def _sorted_rows(rows: Sequence[Row], fields: Sequence[str], down: bool) -> Sequence[Row]:
    """As the database sorts them: what is not known comes last either way."""
    reads = [attrgetter(f.replace("__", ".")) for f in fields]

    def key(row: Row) -> tuple[Any, ...]:
        values = [read(row) for read in reads]
        return tuple(v.lower() if isinstance(v, str) else v for v in values)

    known = [row for row in rows if not any(_unknown(read(row)) for read in reads)]
    rest = [row for row in rows if any(_unknown(read(row)) for read in reads)]
    return [*sorted(known, key=key, reverse=down), *rest]


def _unknown(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
