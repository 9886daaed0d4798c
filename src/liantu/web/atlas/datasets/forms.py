"""Forms of datasets; that of a row follows from the declaration of its table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.data.field import Field, Table
from liantu.data.schema import CARRIED_PREFIX
from liantu.web.accounts.models import Department, Enterprise
from liantu.web.atlas.datasets import intake, notes
from liantu.web.atlas.templatetags.city import word
from liantu.web.kit.naming import chinese

LONG = ("note", "rationale", "transport_constraint", "capacity_note", "cost_basis", "balance_scope", "route")
SOURCE, OWNER, CONFIRMED = "__source", "__owner", "__confirmed"
MEGA = 2**20


class UploadForm(forms.Form):
    """A file with the city's tables."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "An Excel workbook (.xlsx) with a sheet for each table, or a ZIP archive of a data package or of "
            "CSV files. At most 64 MB."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.zip"}),
        error_messages={"empty": gettext_lazy("The file is empty.")},
        max_length=500,
    )

    def clean_file(self) -> Any:
        """Small enough; what it holds is for the check to say."""
        file = self.cleaned_data["file"]
        if file.size > intake.MAX_UPLOAD:
            raise forms.ValidationError(
                _(
                    "The file has %(size).0f MB; at most %(limit)d MB can be uploaded. Split it, or pack it "
                    "as ZIP."
                )
                % {"size": file.size / MEGA, "limit": intake.MAX_UPLOAD // MEGA}
            )
        return file


class NoteForm(forms.Form):
    """Why a version is made."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=500,
        help_text=gettext_lazy("What changed and why; it stands in the list of versions."),
        widget=forms.TextInput(),
    )


class CommitForm(NoteForm):
    """Making an upload a version."""

    confirm = forms.ChoiceField(
        label=gettext_lazy("Which figures does the file confirm?"),
        choices=(
            (notes.CHANGED, gettext_lazy("those that it changes")),
            (notes.ALL, gettext_lazy("all that it holds")),
            (notes.NOTHING, gettext_lazy("none")),
        ),
        initial=notes.CHANGED,
    )
    confirmed_on = forms.DateField(
        label=gettext_lazy("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    broken = forms.BooleanField(
        label=gettext_lazy("I know that recipes do not balance; the plan will say so."), required=False
    )

    def __init__(self, *args: Any, unbalanced: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"confirmed_on": timezone.localdate()})
        super().__init__(*args, label_suffix="", **kwargs)
        if unbalanced:
            self.fields["broken"].required = True
        else:
            del self.fields["broken"]

    def clean_confirmed_on(self) -> date:
        return not_ahead(self.cleaned_data["confirmed_on"])


def not_ahead(day: date) -> date:
    """The day, unless it lies ahead."""
    if day > timezone.localdate():
        raise forms.ValidationError(_("The day lies ahead."))
    return day


class RowForm(forms.Form):
    """One row of a table: a field for each of its columns, and for each what is said of it.

    The cells are texts; what is wrong with them is found by the check that every file goes through.
    """

    def __init__(
        self,
        table: Table,
        data: Any = None,
        *,
        columns: Collection[str],
        ids: Mapping[str, Any],
        new: bool,
        **kw: Any,
    ) -> None:
        super().__init__(data, label_suffix="", **kw)
        self.table = table
        for field in table.fields:
            if field.name in columns:
                self.fields[field.name] = _cell(field, ids)
                if field.name not in table.key and not field.name.startswith("name_"):
                    self._add_said(field.name)
        for name in columns:
            if name.startswith(CARRIED_PREFIX):
                self.fields[name] = forms.CharField(required=False, label=name)
        if not new:
            for name in table.key:
                self.fields.pop(name, None)

    def _add_said(self, name: str) -> None:
        self.fields[name + SOURCE] = forms.CharField(
            required=False,
            max_length=300,
            label=_("Source"),
            widget=forms.TextInput(attrs={"list": "sources"}),
        )
        self.fields[name + OWNER] = forms.CharField(
            required=False,
            max_length=100,
            label=_("Who owes it"),
            widget=forms.TextInput(attrs={"list": "owners"}),
        )
        self.fields[name + CONFIRMED] = forms.DateField(
            required=False,
            label=_("Confirmed on"),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def clean(self) -> dict[str, Any]:
        """Owners are there, no day lies ahead; all are checked at once."""
        cleaned: dict[str, Any] = super().clean() or {}
        wanted = {n: v for n, v in cleaned.items() if n.endswith(OWNER) and v}
        known = known_owners(set(wanted.values()))
        for name, value in wanted.items():
            if value not in known:
                self.add_error(
                    name, _("Nobody is called “%(name)s”: choose from the list.") % {"name": value}
                )
        for name, value in list(cleaned.items()):
            if name.endswith(CONFIRMED) and value and value > timezone.localdate():
                self.add_error(name, _("The day lies ahead."))
        return cleaned

    def cells(self) -> dict[str, str]:
        """The texts by column."""
        return {n: v for n, v in self.cleaned_data.items() if not n.endswith((SOURCE, OWNER, CONFIRMED))}

    def said(self) -> dict[str, dict[str, str]]:
        """What is said of each column, where something is."""
        found: dict[str, dict[str, str]] = {}
        parts = ((SOURCE, "source"), (OWNER, "owner"), (CONFIRMED, "confirmed"))
        for name, value in self.cleaned_data.items():
            for suffix, part in parts:
                if name.endswith(suffix) and value:
                    text = value.isoformat() if isinstance(value, date) else value
                    found.setdefault(name.removesuffix(suffix), {})[part] = text
        return found


def _cell(field: Field, ids: Mapping[str, Any]) -> forms.Field:
    label = field.zh if chinese() else field.en
    widget: forms.Widget = forms.TextInput(attrs={"maxlength": 32767})
    if field.enum or field.type == "flag":
        choices = [(e, f"{word(e)} ({e})") for e in field.enum] or [("1", _("yes")), ("0", _("no"))]
        return forms.CharField(
            label=label, required=False, widget=forms.Select(choices=[("", _("(blank)")), *choices])
        )
    if field.type == "number":
        widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 60})
    elif field.name in LONG:
        widget = forms.Textarea(attrs={"rows": 2})
    elif field.targets and not field.list and all(t in ids for t in field.targets):
        widget = forms.TextInput(attrs={"list": f"ids-{field.targets[0]}"})
    return forms.CharField(label=label, required=False, strip=True, widget=widget)


def known_owners(references: set[str]) -> set[str]:
    """Those of the references that name a department or an enterprise."""
    codes = {kind: {r.partition(":")[2] for r in references if r.startswith(f"{kind}:")} for kind in OWNERS}
    return {
        f"{kind}:{code}"
        for kind, model in OWNERS.items()
        if codes[kind]
        for code in model.objects.filter(code__in=codes[kind]).values_list("code", flat=True)
    }


OWNERS: dict[str, Any] = {"department": Department, "enterprise": Enterprise}


class IntervalForm(forms.Form):
    """After how many days a figure has to be confirmed again."""

    days = forms.IntegerField(min_value=0, max_value=3650, label=gettext_lazy("Days"))
