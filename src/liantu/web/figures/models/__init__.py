"""Figures with their sources, what is read out of documents, and what does not fit together."""

from __future__ import annotations

from liantu.web.figures.models.boards import Briefing, Dashboard
from liantu.web.figures.models.catalogue import Indicator, Rules, Subject
from liantu.web.figures.models.documents import Batch, Document, ProposedFigure, SenderMapping, StagedTable
from liantu.web.figures.models.findings import Closure, FindingRow, FindingState
from liantu.web.figures.models.observations import Approval, Level, ObservationRow, OfficialDecision, Standing

__all__ = [
    "Approval", "Batch", "Briefing", "Closure", "Dashboard", "Document", "FindingRow", "FindingState",
    "Indicator", "Level", "ObservationRow", "OfficialDecision", "ProposedFigure", "Rules", "SenderMapping",
    "StagedTable", "Standing", "Subject",
]  # fmt: skip
