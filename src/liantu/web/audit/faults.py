"""What is said of a broken link."""

from __future__ import annotations

from django.utils import timezone

from liantu.i18n import gettext as _
from liantu.i18n import gettext_noop as N_
from liantu.web.audit.chain import Fault
from liantu.web.audit.words import name_of

FAULTS = {
    "key": N_(
        "not one event fits the key; is it the key (LIANTU_AUDIT_KEY, var/audit_key) of this database?"
    ),
    "head": N_("the head of the chain was changed."),
    "missing": N_("the events %(seq)d to %(to)d are missing."),
    "inserted": N_("event %(seq)d (%(said)s, %(at)s) was put in later."),
    "changed": N_("event %(seq)d (now: %(said)s, %(at)s) is not what was recorded."),
    "unlinked": N_("event %(seq)d (%(said)s, %(at)s) does not follow the one before it."),
    "truncated": N_("the end is cut off: the events %(seq)d to %(to)d are missing."),
    "beyond": N_("the events %(seq)d to %(to)d stand behind the head."),
    "known": N_("event %(seq)d (%(said)s, %(at)s) is not the one that was known."),
}


def sentence(fault: Fault) -> str:
    """The fault in the language spoken."""
    at = timezone.localtime(fault.at).strftime("%Y-%m-%d %H:%M:%S") if fault.at else ""
    said = {"seq": fault.seq, "to": fault.to, "at": at, "said": name_of(fault.said)}
    return _(FAULTS[fault.kind]) % said
