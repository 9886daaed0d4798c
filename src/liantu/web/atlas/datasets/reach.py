"""Who may edit what: the city everything, a park the plants in it, a department the fields that it owes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liantu.web.accounts.models import Membership, User
from liantu.web.accounts.permissions import Permission, Reach

PARK_TABLE, PARK_COLUMN = "facilities", "park_id"


class Reaches:
    """What one person may edit. `owners`: path of the department that owes a (table, key, column)."""

    def __init__(self, user: User, owners: Mapping[tuple[str, str, str], str]) -> None:
        self.memberships = tuple(user.granting(Permission.DATASETS_EDIT))
        self.owners = owners

    @property
    def everything(self) -> bool:
        """Whether the person edits for the whole city."""
        return any(m.reach is Reach.CITY for m in self.memberships)

    @property
    def parks(self) -> frozenset[str]:
        """The parks whose plants the person edits."""
        return frozenset(m.park.code for m in self.memberships if m.reach is Reach.PARK and m.park)

    def columns(self, table: str, key: str, row: Mapping[str, Any]) -> frozenset[str] | None:
        """The columns of a row that the person may edit; None for all."""
        if self.everything or (table == PARK_TABLE and row.get(PARK_COLUMN) in self.parks):
            return None
        paths = [m.department.path for m in self._of(Reach.DEPARTMENT) if m.department]
        owed = {
            c
            for (t, k, c), owner in self.owners.items()
            if t == table and k in (key, "") and any(owner.startswith(path) for path in paths)
        }
        return None if "" in owed else frozenset(owed)

    def may_add(self, table: str) -> bool:
        """Whether the person may add rows to the table."""
        return self.everything or (table == PARK_TABLE and bool(self.parks))

    def may_remove(self) -> bool:
        """Whether the person may remove rows: only who answers for the whole city."""
        return self.everything

    def refuses(
        self, table: str, key: str, before: Mapping[str, Any] | None, cells: Mapping[str, str] | None
    ) -> str:
        """The column, or the key, at which an edit leaves the person's reach; '' where it does not.

        `before` is None for a new row; `cells` is None where the row is removed.
        """
        if self.everything:
            return ""
        if cells is None:
            return key
        if before is None:
            return "" if self.may_add(table) and cells.get(PARK_COLUMN) in self.parks else PARK_COLUMN
        allowed = self.columns(table, key, before)
        if allowed is None:
            moved = table == PARK_TABLE and cells.get(PARK_COLUMN, before[PARK_COLUMN]) not in self.parks
            return PARK_COLUMN if moved and self.parks else ""
        return next((c for c in cells if c not in allowed), "")

    def _of(self, reach: Reach) -> list[Membership]:
        return [m for m in self.memberships if m.reach is reach]
