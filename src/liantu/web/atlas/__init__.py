"""The city as it is planned: chain map, plants, materials, gaps, accounts, the plan itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liantu.web.audit import words

words.NAMES |= {
    "job.cancelled": _("computation cancelled"),
    "run.started": _("scenario submitted"),
    "run.published": _("plan shown to all"),
    "opportunity.sent": _("opportunity sent to the list"),
    "opportunity.changed": _("opportunity changed"),
    "dataset.load": _("version loaded from the shell"),
    "dataset.upload": _("version uploaded"),
    "dataset.edit": _("version edited"),
    "dataset.rollback": _("version rolled back"),
    "draft.handed_in": _("draft handed in"),
    "draft.returned": _("draft returned"),
    "draft.discarded": _("draft discarded"),
    "field.said": _("field stated"),
    "field.confirmed": _("field confirmed"),
    "refresh.set": _("intervals of confirmation set"),
    "upload.staged": _("upload staged"),
    "upload.rechecked": _("upload checked again"),
    "upload.discarded": _("upload discarded"),
}
words.KINDS |= {
    "job": _("computation"),
    "run": _("scenario"),
    "opportunity": _("opportunity"),
    "dataset": _("city data"),
    "version": _("version of the data"),
    "draft": _("draft"),
    "upload": _("upload"),
    "refresh": _("intervals of confirmation"),
}
