"""What the atlas keeps: versions of the city's tables, runs, opportunities."""

from liantu.web.atlas.models.datasets import (
    Dataset,
    DatasetVersion,
    DraftEdit,
    EditDraft,
    FieldNote,
    RefreshInterval,
    StagedUpload,
    UploadedFile,
)
from liantu.web.atlas.models.opportunities import Opportunity, OpportunityChange
from liantu.web.atlas.models.outlines import OutlineFile
from liantu.web.atlas.models.runs import Publication, Run, RunResult

__all__ = [
    "Dataset",
    "DatasetVersion",
    "DraftEdit",
    "EditDraft",
    "FieldNote",
    "Opportunity",
    "OpportunityChange",
    "OutlineFile",
    "Publication",
    "RefreshInterval",
    "Run",
    "RunResult",
    "StagedUpload",
    "UploadedFile",
]
