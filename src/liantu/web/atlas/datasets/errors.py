"""Why a dataset was not changed, as codes and sentences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from liantu.errors import LiantuError

_SENTENCES: dict[str, Any] = {
    "moved_on": _(
        "Somebody committed version %(number)s in the meantime. Nothing was changed: look at the differences "
        "again, then commit."
    ),
    "decided": _("This was %(status)s already, by %(by)s. Nothing was changed."),
    "not_ready": _("This can't be committed: it is %(status)s."),
    "nothing_changed": _("Nothing differs from the current version. No version was made."),
    "draft_problems": _("The draft has problems; put them right first."),
    "out_of_reach": _("This is not yours to edit: %(where)s."),
    "unknown_row": _("There is no such row: %(where)s."),
    "row_taken": _("A row with this key is there already: %(where)s."),
    "too_long": _("The key is longer than %(limit)s characters."),
}


class DatasetError(LiantuError):
    """A dataset, an upload or a draft was not changed; `code` says why."""

    code = "dataset_error"

    @property
    def sentence(self) -> str:
        """In the language of the page."""
        return str(_SENTENCES[self.code]) % self.params
