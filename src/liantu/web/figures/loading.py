"""Loading a folder with a catalogue and figures: subjects.yaml, indicators.yaml, ..., observations.csv."""

from __future__ import annotations

from pathlib import Path

from liantu.ledger.catalogue_read import read_catalogue
from liantu.ledger.sdmx import read_sdmx_csv
from liantu.web.accounts.models import User
from liantu.web.figures import actions, catalogue
from liantu.web.figures.models import ObservationRow
from liantu.web.figures.rows import fields_of

FOLDER, FIGURES = "ledger", "observations.csv"


def load_ledger(folder: Path, *, by: User | None = None) -> int:
    """Take over the catalogue, and the figures that are not there yet; how many. Raises InputError."""
    catalogue.load(read_catalogue(folder), by=by)
    path = folder / FIGURES
    if not path.is_file():
        return 0
    seen = read_sdmx_csv(path.read_bytes(), path.name)
    rows = ObservationRow.objects.unscoped(because="which of them are there")
    there = set(rows.values_list("content", "source"))
    fresh = [o for o in seen if (fields_of(o)["content"], o.source) not in there]
    if fresh:
        actions.enter(fresh, by=by)
    return len(fresh)


def load_beside(city: str) -> int:
    """The same of the folder `ledger` of a city, where it has one. In a demonstration a person answers for
    the figures, so that others can check them."""
    folder = Path(city) / FOLDER
    if not folder.is_dir():
        return 0
    return load_ledger(folder, by=User.objects.filter(demo=True, username="investment").first())
