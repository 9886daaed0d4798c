"""Keys to the programming interface: what a program may do in a person's name, and until when."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liantu.web.audit import words

words.NAMES |= {
    "token.make": _("API token made"),
    "token.revoke": _("API token revoked"),
}
words.KINDS |= {
    "token": _("API token"),
}
