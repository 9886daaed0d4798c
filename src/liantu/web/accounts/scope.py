"""The one way to rows: a query of a scoped model fails until it says for whom, or why for nobody.

A model says how its rows belong:

    objects = ScopedManager(department="department__path", park="park__code", enterprise="enterprise",
                            own="created_by")

`Model.objects.visible_to(user, Permission.X)` gives the rows of the memberships that carry the permission;
a way that the model does not name gives nothing. `Model.objects.unscoped(because="...")` is for what acts for
no person, such as a sweep, and for rows reached through one that was fetched in scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.sql import Query

from liantu.web.accounts.models import Membership, User
from liantu.web.accounts.permissions import Permission, Reach

NOBODY = Q(pk__in=())


class UnscopedQueryError(RuntimeError):
    """A query reached the database without saying for whom."""


class ScopedQuery(Query):
    """Compiles only with a scope: by itself, as a subquery, in a union, in Exists, or however else."""

    scoped = False

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        if not self.is_empty():
            need_scope(self)
        return super().get_compiler(*args, **kwargs)

    def combine(self, rhs: Query, connector: str) -> None:
        need_scope(rhs)  # or `scoped | unscoped` would be scoped
        super().combine(rhs, connector)


def need_scope(query: Query) -> None:
    """Raises UnscopedQueryError unless the query says for whom."""
    if not query.scoped:
        raise UnscopedQueryError(
            f"{query.model.__name__}: call visible_to(user, permission), or unscoped(because=...)"
        )


class ScopedQuerySet(models.QuerySet[Any]):
    """Refuses to read or change rows until `visible_to` or `unscoped` was called."""

    ways: Mapping[str, str] = MappingProxyType({})

    def visible_to(self, user: object, permission: Permission, also: Q | None = None) -> Self:
        """The rows that the person may do this to; `also` adds more, such as public rows."""
        found = self._allow()
        if not isinstance(user, User) or not user.may(permission):
            return found.none()
        reached = [self._reached(m) for m in user.granting(permission)]
        wanted = also if also is not None else NOBODY
        for q in reached:
            if q is None:
                return found
            wanted |= q
        return found.filter(wanted)

    def unscoped(self, because: str) -> Self:
        """All rows; `because` says why nobody's scope applies."""
        if not because.strip():
            raise UnscopedQueryError(f"{self.model.__name__}: say why this query has no scope")
        return self._allow()

    def _allow(self) -> Self:
        found: Self = self._chain()
        found.query.scoped = True
        return found

    def _reached(self, m: Membership) -> Q | None:
        """The rows of one membership; None for all."""
        if m.reach is Reach.CITY:
            return None
        way = self.ways.get(m.reach)
        if way is None:
            return NOBODY
        if m.reach is Reach.DEPARTMENT:
            return Q(**{f"{way}__startswith": m.department.path}) if m.department else NOBODY
        if m.reach is Reach.PARK:
            return Q(**{way: m.park.code}) if m.park else NOBODY
        if m.reach is Reach.ENTERPRISE:
            return Q(**{way: m.enterprise}) if m.enterprise else NOBODY
        return Q(**{way: m.user_id})

    def _clone(self) -> Self:
        copy: Self = super()._clone()
        copy.ways = self.ways
        return copy

    # What makes a query of another class, which `ScopedQuery` does not see.

    def update(self, **kwargs: Any) -> int:
        need_scope(self.query)
        return super().update(**kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        need_scope(self.query)
        return super().bulk_update(*args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        need_scope(self.query)
        return super().delete()

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        need_scope(self.query)
        return super().raw(*args, **kwargs)

    def _raw_delete(self, using: str | None) -> int:
        need_scope(self.query)
        return int(super()._raw_delete(using))

    def _update(self, values: Any) -> int:
        need_scope(self.query)
        return int(super()._update(values))

    update.alters_data = True  # type: ignore[attr-defined]
    bulk_update.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
    _raw_delete.alters_data = _update.alters_data = True  # type: ignore[attr-defined]
    _update.queryset_only = True  # type: ignore[attr-defined]


class ScopedManager(models.Manager[Any]):
    """The default manager of every model whose rows are not for everybody."""

    def __init__(self, **ways: str) -> None:
        super().__init__()
        unknown = set(ways) - {r.value for r in Reach} | (set(ways) & {Reach.CITY.value})
        if unknown:
            raise TypeError(f"no such way to belong: {', '.join(sorted(unknown))}")
        self.ways = ways

    def get_queryset(self) -> ScopedQuerySet:
        found = ScopedQuerySet(self.model, query=ScopedQuery(self.model), using=self._db)
        found.ways = self.ways or getattr(
            self.model._default_manager, "ways", {}
        )  # a related manager has none
        return found

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        return self.get_queryset().raw(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        return self.get_queryset().bulk_update(*args, **kwargs)

    def visible_to(self, user: object, permission: Permission, also: Q | None = None) -> ScopedQuerySet:
        return self.get_queryset().visible_to(user, permission, also)

    def unscoped(self, because: str) -> ScopedQuerySet:
        return self.get_queryset().unscoped(because)
