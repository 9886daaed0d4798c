"""Everything that is derived from a case at an instant, at once: what a page or a row of a list shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liantu.casework.case import Case, Standing, replay
from liantu.casework.clocks import ClockState, clocks_of
from liantu.casework.days import WorkDays
from liantu.casework.flow import Flow
from liantu.casework.health import Health, health_of
from liantu.casework.steps import NextStep, steps_of


@dataclass(frozen=True)
class View:
    """A case at an instant."""

    standing: Standing
    clocks: tuple[ClockState, ...]
    health: Health
    steps: tuple[NextStep, ...]

    @property
    def due(self) -> datetime | None:
        """The first due date of a clock that runs."""
        return min((state.due for state in self.clocks if state.is_open and state.due), default=None)


def view(flow: Flow, case: Case, now: datetime, days: WorkDays) -> View:
    """The case replayed once, with all that follows.

    Raises BrokenHistory, NaiveInstant and OutsideCalendar.
    """
    standing = replay(flow, case.until(now))
    clocks = clocks_of(flow, standing, now, days)
    return View(
        standing, clocks, health_of(flow, standing, clocks, now, days), steps_of(flow, standing, clocks)
    )
