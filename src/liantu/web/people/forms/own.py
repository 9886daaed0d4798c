"""What a person changes of their own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import User
from liantu.web.accounts.passwords import LONGEST, hashing_slot


def _password(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST, widget=widget, **options)


class PasswordForm(forms.Form):
    """The old password and twice the new one. A wrong old one counts as a failed login."""

    old = _password(_("Present password"), "current-password")
    new = _password(_("New password"), "new-password")
    again = _password(_("New password again"), "new-password")

    def __init__(self, *args: Any, request: HttpRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request, self.user = request, request.user
        self.fields["new"].help_text = password_validation.password_validators_help_texts()[0]

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        with hashing_slot():
            found = authenticate(self.request, username=self.user.username, password=old)
        if found != self.user:
            raise ValidationError(_("The password is wrong."))
        return old

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("new") and said.get("again") and said["new"] != said["again"]:
            self.add_error("again", _("The two are not the same."))
        elif said.get("old") and said.get("new") and not self.errors:
            if said["old"] == said["new"]:
                self.add_error("new", _("The new password is the old one."))
            else:
                self._validate(said["new"], self.user)
        return said

    def _validate(self, new: str, user: User) -> None:
        try:
            password_validation.validate_password(new, user)
        except ValidationError as error:
            self.add_error("new", error)
