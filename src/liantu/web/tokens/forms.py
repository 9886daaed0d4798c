"""Making a token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.tokens.selectors import PERMISSION_NAMES, grantable

DAYS = ((7, _("a week")), (30, _("30 days")), (90, _("90 days")), (366, _("a year")))


class TokenForm(forms.Form):
    """What the program is called, what it may do, and until when."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Which program uses it, so that you know it again.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It can never do more than you: what you lose, it loses too."),
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=DAYS, coerce=int, initial=90)

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data, label_suffix="")
        choices = [(p.value, f"{PERMISSION_NAMES[p]} · {p.value}") for p in grantable(user)]
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def clean_scopes(self) -> list[Permission]:
        return [Permission(value) for value in self.cleaned_data["scopes"]]
