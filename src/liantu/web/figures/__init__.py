"""The city's figures: each with its source, read out of documents, checked, released, shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liantu.web.audit import words

words.NAMES |= {
    "figures.entered": _("figures entered"),
    "figures.corrected": _("figure corrected"),
    "figures.checked": _("figure checked"),
    "figures.released": _("figure released"),
    "figures.sent_back": _("figure sent back"),
    "figures.official": _("official value chosen"),
    "figures.subject": _("subject of figures changed"),
    "figures.indicator": _("indicator changed"),
    "figures.catalogue": _("catalogue of figures loaded"),
    "figures.uploaded": _("documents brought for reading"),
    "figures.rejected": _("proposed figures rejected"),
    "figures.reread": _("document read again"),
    "figures.imported": _("table of figures imported"),
    "figures.mapping": _("mapping of a sender remembered"),
    "figures.finding_closed": _("finding closed"),
    "figures.finding_opened": _("finding opened again"),
    "figures.dashboard": _("chosen figures changed"),
    "figures.briefing": _("briefing made"),
}
words.KINDS |= {
    "observation": _("figure"),
    "document": _("document"),
    "finding": _("finding"),
    "subject": _("subject of figures"),
    "indicator": _("indicator"),
    "briefing": _("briefing"),
}
