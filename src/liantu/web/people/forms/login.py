"""The two steps of the login."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as PasswordLogin
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.lockout import address_is_closed
from liantu.web.accounts.passwords import LONGEST
from liantu.web.people.actions import entrance


class LoginForm(PasswordLogin):
    """Login and password; an address that has tried too many waits, before anything is hashed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].label = _("Login")
        self.fields["password"].label = _("Password")
        self.fields["password"].validators.append(MaxLengthValidator(LONGEST))
        for name in ("login", "password"):
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        if not self.errors and address_is_closed(self.request):
            raise ValidationError(_("Too many attempts from this address; please wait a few minutes."))
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class CodeForm(AuthenticateForm):
    """The code of the second factor, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from the app on your phone, or one of your recovery codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError:
            entrance.note_failure(login=self.user.username, reason="code")
            raise
        if self.authenticator.type == self.authenticator.Type.RECOVERY_CODES:
            entrance.note_second_factor(user=self.user, what="code_used")
        return code
