"""The ledger: rows that are only ever added, corrections among them, and what of it is in force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from liantu.errors import InputError, Problem
from liantu.ledger.columns import SCHEMA, observations_of, table_of
from liantu.ledger.decisions import Decision
from liantu.ledger.observation import Observation

KEY_COLUMNS = (
    "subject", "indicator", "start", "end", "point", "measure", "basis", "base_start", "base_end", "within",
    "status",
)  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """Observations in the order they were entered, as a table (see `columns.SCHEMA`), and the decisions.

    A web application keeps rows, decisions, approvals and closures as records of its own and hands them in;
    this value never changes, `append` and `decide` return another.
    """

    table: pl.DataFrame
    decisions: tuple[Decision, ...] = ()

    @staticmethod
    def of(rows: Iterable[Observation] = (), decisions: Iterable[Decision] = ()) -> Ledger:
        """A ledger of these rows. Raises InputError as `append` does."""
        return Ledger(pl.DataFrame(schema=SCHEMA), tuple(decisions)).append(rows)

    def append(self, rows: Iterable[Observation]) -> Ledger:
        """The ledger with further rows.

        Raises InputError, telling all of them: an id that is taken, a correction of a row that is not there
        or was corrected before. Nothing is added then.
        """
        new = list(rows)
        problems = _problems(self.table, new)
        if problems:
            raise InputError(problems)
        return replace(self, table=pl.concat([self.table, table_of(new)]))

    def decide(self, decision: Decision) -> Ledger:
        """The ledger with a further decision. Raises InputError where the row it chooses is not there."""
        if decision.chosen not in set(self.table["id"]):
            raise InputError([_problem("decision_without_row", None, "chosen", decision.chosen, "an id")])
        return replace(self, decisions=(*self.decisions, decision))

    @property
    def rows(self) -> list[Observation]:
        """Every observation, also the corrected ones."""
        return observations_of(self.table)

    @property
    def in_force(self) -> pl.DataFrame:
        """The rows that count: not corrected by another, not set aside by a decision. `at` is their place."""
        table = self.table.with_row_index("at")
        corrected = table.filter(pl.col("corrects") != "").select(id="corrects")
        table = table.join(corrected, on="id", how="anti", maintain_order="left")
        last = {d.key: d for d in sorted(self.decisions, key=lambda d: d.at)}
        chosen = {d.chosen for d in last.values()} & set(table["id"])
        if not chosen:
            return table
        winners = table.filter(pl.col("id").is_in(sorted(chosen)))
        losers = table.join(winners.select(KEY_COLUMNS).unique(), on=KEY_COLUMNS, nulls_equal=True).filter(
            ~pl.col("id").is_in(sorted(chosen))
        )
        return table.join(losers.select("id"), on="id", how="anti", maintain_order="left")

    @property
    def digest(self) -> str:
        """A hash of all rows and decisions, whatever their order."""
        columns = [pl.col(name).cast(pl.String).fill_null("") for name in SCHEMA]
        lines = self.table.select(line=pl.concat_str(columns, separator="\x1f"))["line"].sort()
        told = sorted(
            f"{d.key}\x1f{d.chosen}\x1f{d.by}\x1f{d.at.isoformat()}\x1f{d.why}" for d in self.decisions
        )
        text = "\x1e".join([*lines.to_list(), "decisions", *told])
        return hashlib.sha256(text.encode()).hexdigest()


def history(row: str, rows: Sequence[Observation]) -> list[Observation]:
    """An observation with all that it corrects and all that corrects it, the first one first."""
    by_id = {one.id: one for one in rows}
    corrected_by = {one.corrects: one for one in rows if one.corrects}
    if row not in by_id:
        return []
    first = by_id[row]
    seen = {first.id}
    while first.corrects in by_id and first.corrects not in seen:
        first = by_id[first.corrects]
        seen.add(first.id)
    found = [first]
    while found[-1].id in corrected_by and len(found) <= len(rows):
        found.append(corrected_by[found[-1].id])
    return found


def _problems(table: pl.DataFrame, new: Sequence[Observation]) -> list[Problem]:
    ids = set(table["id"])
    corrected = set(table["corrects"]) - {""}
    found: list[Problem] = []
    for number, row in enumerate(new, start=1):
        if row.id in ids:
            found.append(_problem("id_taken", number, "id", row.id, "an id of its own"))
        if row.corrects and row.corrects not in ids:
            found.append(
                _problem("corrects_nothing", number, "corrects", row.corrects, "the id of an earlier row")
            )
        elif row.corrects and row.corrects in corrected:
            fix = "correct the row that replaced it"
            found.append(_problem("corrected_before", number, "corrects", row.corrects, "", fix))
        ids.add(row.id)
        corrected |= {row.corrects} - {""}
    return found


def _problem(code: str, row: int | None, column: str, found: str, expected: str, fix: str = "") -> Problem:
    return Problem("ledger", row, column, code, found, expected, fix or f"give {expected}")
