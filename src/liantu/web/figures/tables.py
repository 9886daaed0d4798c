"""Tables of senders on their way into the ledger, by the mapping that is remembered for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from liantu.errors import InputError, Problem
from liantu.ledger.grids import Grid, read_grid
from liantu.ledger.guess import guess
from liantu.ledger.importing import import_table
from liantu.ledger.mapping import Mapping, mapping_text, read_mapping
from liantu.ledger.observation import Observation
from liantu.ledger.sdmx import read_sdmx_csv
from liantu.web.accounts.models import User
from liantu.web.audit.actions import record
from liantu.web.casefile import evidence
from liantu.web.figures import actions, catalogue, selectors
from liantu.web.figures.exports import bare
from liantu.web.figures.models import ObservationRow, SenderMapping, StagedTable
from liantu.web.figures.rows import fields_of

LARGEST = 20 * 2**20
HEADS = 40
"""Columns of a table that a mapping may name."""


@dataclass(frozen=True)
class Preview:
    """What a table would bring: figures, those that are there already, and everything that is wrong."""

    fresh: tuple[Observation, ...]
    there: int
    problems: tuple[Problem, ...]


def stage(file: UploadedFile, *, sender: str, dated: date | None, by: User) -> StagedTable:
    """Put a file aside with the mapping that is remembered for the sender."""
    digest, _size = evidence.keep(file)
    remembered = selectors.mappings(by).filter(sender=sender.strip()).first()
    with transaction.atomic():
        made: StagedTable = StagedTable.objects.create(
            name=evidence.clean_name(file.name or "") or "table", sha256=digest, sender=sender.strip(),
            dated=dated, mapping=remembered.text if remembered else "", uploaded_by=by,
            department=actions.department_of(by), uploaded_at=timezone.now(),
        )  # fmt: skip
    return made


def content_of(staged: StagedTable) -> bytes:
    """The bytes of the file."""
    return evidence.path_of(staged.sha256).read_bytes()


def is_sdmx(content: bytes) -> bool:
    """Whether the columns say themselves what they are."""
    return b"OBS_VALUE" in content[:4096].split(b"\n", 1)[0]


def grid_of(staged: StagedTable, sheet: str = "") -> tuple[Grid | None, list[Problem]]:
    """The cells of the table."""
    return read_grid(content_of(staged), staged.name, sheet)


def guessed(staged: StagedTable, grid: Grid) -> Mapping:
    """How the table may be read: of the city, where no column says of whom."""
    subjects = catalogue.current().subjects.values()
    return guess(grid.cells, staged.sender, next((s.zh for s in subjects if s.kind == "city"), ""))


def heads(grid: Grid, skip: int, header_rows: int) -> list[str]:
    """The headings of the columns, as a mapping names them."""
    top = grid.cells[skip : skip + header_rows]
    if not top:
        return []
    width = min(len(grid.cells[0]), HEADS)
    return [" / ".join(dict.fromkeys(filter(None, (row[j] for row in top)))) for j in range(width)]


def preview(staged: StagedTable) -> Preview:
    """Read the table as it would be taken; nothing is stored."""
    content, known = content_of(staged), catalogue.current()
    try:
        if is_sdmx(content):
            found = tuple(bare(o) for o in read_sdmx_csv(content, staged.name))
        else:
            mapping = read_mapping(staged.mapping)
            found = import_table(content, staged.name, mapping, known, source_date=staged.dated)
    except InputError as error:
        return Preview((), 0, tuple(error.problems))
    except (ValueError, ArithmeticError, LookupError, OSError) as error:
        fix = "save it anew as Excel or CSV"
        wrong = Problem(staged.name, None, None, "broken_workbook", type(error).__name__, "a table", fix)
        return Preview((), 0, (wrong,))
    told = {(f["content"], o.source, o.place) for o in found for f in [fields_of(o)]}
    there = _there(told)
    fresh = tuple(o for o in found if (fields_of(o)["content"], o.source, o.place) not in there)
    return Preview(fresh, len(found) - len(fresh), ())


def _there(told: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Which of them say what an earlier figure of the same source says at the same place."""
    marks = sorted({content for content, _source, _place in told})
    found: set[tuple[str, str, str]] = set()
    for i in range(0, len(marks), 500):
        rows = ObservationRow.objects.unscoped(because="whether the same table was taken before")
        here = rows.filter(content__in=marks[i : i + 500]).values_list("content", "source", "place")
        found |= told & set(here)
    return found


def remember(staged: StagedTable, mapping: Mapping, *, by: User) -> None:
    """Keep the mapping for the table, and for the next one of this sender."""
    text = mapping_text(mapping)
    read_mapping(text)  # raises InputError with all that is wrong
    with transaction.atomic():
        StagedTable.objects.unscoped(because="the caller fetched it").filter(pk=staged.pk).update(
            mapping=text
        )
        said = {"text": text, "changed_by": by, "changed_at": timezone.now()}
        rows = SenderMapping.objects.unscoped(because="the sender's own of this department")
        if not rows.filter(sender=staged.sender, department=staged.department).update(**said):
            rows.create(sender=staged.sender, department=staged.department, **said)
        record("figures.mapping", by=by, detail={"name": staged.sender})
    staged.mapping = text


def take(staged: StagedTable, *, by: User) -> actions.Stored:
    """Enter all figures of the table, or none. Raises InputError."""
    with transaction.atomic():
        rows = StagedTable.objects.unscoped(because="the caller has fetched it in scope")
        held = rows.select_for_update().get(pk=staged.pk)
        if held.taken is not None:
            raise actions.RefusedError("changed")
        found = preview(held)
        if found.problems:
            raise InputError(found.problems)
        stored = actions.enter(_corrections_out(found.fresh), by=by, tell=False)
        rows.filter(pk=staged.pk).update(taken=len(stored.rows))
        record("figures.imported", by=by, detail={"rows": len(stored.rows), "name": staged.name})
    return stored


def _corrections_out(seen: Sequence[Observation]) -> list[Observation]:
    """What another ledger says of corrections names rows of its own: of those only what is in force."""
    from dataclasses import replace

    gone = {o.corrects for o in seen if o.corrects}
    return [replace(o, corrects="") for o in seen if o.id not in gone]


def mapping_of(staged: StagedTable) -> Mapping | None:
    """The mapping of a staged table, where it has one that can be read."""
    try:
        return read_mapping(staged.mapping) if staged.mapping else None
    except InputError:
        return None


def rows_of_problems(problems: Sequence[Problem]) -> list[tuple[Any, list[Problem]]]:
    """Problems by row, those of the whole file first."""
    found: dict[Any, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.row, []).append(problem)
    return sorted(found.items(), key=lambda item: item[0] or 0)
