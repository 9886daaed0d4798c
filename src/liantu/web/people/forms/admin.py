"""Forms of the system admin and the security admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.lockout import canonical
from liantu.web.accounts.models import Department, Enterprise, Park, User
from liantu.web.accounts.permissions import REACH, ROLE_NAMES, Role
from liantu.web.people.actions.roles import PLACES

CODE = RegexValidator(r"^[A-Za-z0-9_.-]+\Z", _("Letters, digits and . _ - only."))


class PersonForm(forms.ModelForm):
    """Login, name and phone."""

    class Meta:
        model = User
        fields = ("username", "name", "phone")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = _("Login")
        self.fields["username"].help_text = _("Letters, digits and @ . + - _ ; the case does not matter.")
        self.fields["name"].required = True

    def clean_username(self) -> str:
        login: str = self.cleaned_data["username"]
        others = User.objects.filter(username__iexact=login).exclude(pk=self.instance.pk)
        if others.exists() or canonical(login) != login.casefold():
            raise ValidationError(_("This login is taken, or is too like another."))
        return login


class _PlaceForm(forms.ModelForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["code"]
            self.fields.pop("parent", None)
        else:
            self.fields["code"].validators.append(CODE)


class DepartmentForm(_PlaceForm):
    """A department and what it belongs to."""

    class Meta:
        model = Department
        fields = ("code", "name_zh", "name_en", "parent")
        labels = {"parent": _("Belongs to")}  # noqa: RUF012


class ParkForm(_PlaceForm):
    """A park; its code is its id in the city's tables."""

    class Meta:
        model = Park
        fields = ("code", "name_zh", "name_en")


class EnterpriseForm(_PlaceForm):
    """A firm; its code is its id in the city's tables."""

    class Meta:
        model = Enterprise
        fields = ("code", "name_zh", "name_en", "credit_code", "contact")


class MoveForm(forms.Form):
    """Where a department is to stand; nothing is the top."""

    parent = forms.ModelChoiceField(
        Department.objects.all(), required=False, label=_("Belongs to"), empty_label=_("the top")
    )


class GrantForm(forms.Form):
    """A role and the place that it needs."""

    role = forms.ChoiceField(choices=[(r.value, name) for r, name in ROLE_NAMES.items()], label=_("Role"))
    department = forms.ModelChoiceField(
        Department.objects.all(), required=False, label=_("Department (agent, department handler)")
    )
    park = forms.ModelChoiceField(Park.objects.all(), required=False, label=_("Park (park officer)"))
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.all(), required=False, label=_("Enterprise (enterprise user)")
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        wanted = str(REACH[Role(said["role"])]) if said.get("role") else ""
        for field in map(str, PLACES):
            if said.get(field) and field != wanted:
                self.add_error(field, _("This role takes no such place."))
        if wanted in map(str, PLACES) and not said.get(wanted):
            self.add_error(wanted, _("This role holds for one: choose it."))
        return said

    @property
    def place(self) -> Department | Park | Enterprise | None:
        """The place that was chosen."""
        return next((self.cleaned_data[f] for f in map(str, PLACES) if self.cleaned_data.get(f)), None)
