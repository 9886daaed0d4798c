"""Cases of any flow of `liantu.casework`: stored, stepped once, swept for what is late, and shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liantu.web.audit import words

words.NAMES |= {
    "calendar.day_set": _("working day set"),
    "calendar.day_dropped": _("working day dropped"),
    "calendar.year_published": _("calendar of a year published"),
    "party.given": _("head named"),
    "party.taken": _("head released"),
}
words.KINDS |= {
    "case": _("case"),
    "calendar": _("working days"),
}
