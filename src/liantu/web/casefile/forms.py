"""The form of a step, made from the flow's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.casework.case import Value
from liantu.casework.flow import Evidence, Flow, Transition
from liantu.chain.units import unit_label
from liantu.i18n import current_language
from liantu.web.accounts.models import User
from liantu.web.casefile import evidence
from liantu.web.casefile.actions import Step
from liantu.web.kit.naming import chinese

MOST = 1e15
LONGEST = 2000
SENTENCES = {
    "file_empty": gettext_lazy("The file “%(name)s” is empty."),
    "file_too_large": gettext_lazy("The file “%(name)s” is larger than 20 MB."),
    "file_kind": gettext_lazy("The file “%(name)s” is of a kind that is not taken; taken are %(kinds)s."),
    "file_differs": gettext_lazy("The file “%(name)s” is not what its ending says (%(kind)s)."),
}


class EvidenceFile(forms.FileField):
    """A file of a kind that is taken; nothing else of it is trusted."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if isinstance(found, UploadedFile):
            try:
                evidence.check(found)
            except evidence.BadFileError as error:
                raise forms.ValidationError(SENTENCES[error.code], params=error.params) from None
        return found


class StepForm(forms.Form):
    """Everything that a transition needs or takes; evidence fields are called as in the flow."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)

    def __init__(
        self, data: Any, files: Any, *, flow: Flow, step: Transition, owners: list[User], **kwargs: Any
    ) -> None:
        super().__init__(data, files, label_suffix="", **kwargs)
        self.flow, self.step, self.owners = flow, step, {str(u.pk): u for u in owners}
        lang = "zh" if chinese() else "en"
        for name in (*step.evidence, *step.accepts):
            of = flow.evidence[name]
            label = of.names.zh if lang == "zh" else of.names.en
            self.fields[f"e_{name}"] = field_of(of, label, required=name in step.evidence)
        if step.owner == "named":
            choices = [("", _("Choose …")), *((k, str(u)) for k, u in self.owners.items())]
            self.fields["owner"] = forms.ChoiceField(label=_("To whom"), choices=choices)
        if step.needs_reason:
            self.fields["reason"] = _text(_("Reason"), True)

    def rows(self) -> list[tuple[Any, str]]:
        """The fields that are seen, each with its unit."""
        units = {f"e_{n}": self.flow.evidence[n].unit for n in (*self.step.evidence, *self.step.accepts)}
        return [
            (field, unit_label(units.get(field.name, ""), current_language()))
            for field in self.visible_fields()
        ]

    def as_step(self, facts: Mapping[str, object] | None = None) -> Step:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        values: dict[str, Value] = {}
        files: dict[str, UploadedFile] = {}
        for name in (*self.step.evidence, *self.step.accepts):
            found = given.get(f"e_{name}")
            if isinstance(found, UploadedFile):
                files[name] = found
            elif found is not None and found is not False and found != "":
                values[name] = found.isoformat() if hasattr(found, "isoformat") else found
        owner = self.owners.get(given.get("owner", ""))
        return Step(self.step.id, values, files, given.get("reason", ""), owner, facts or {})


def field_of(of: Evidence, label: str, *, required: bool) -> forms.Field:
    """A field for one kind of evidence."""
    if of.kind == "number":
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        return forms.FloatField(label=label, required=required, min_value=0, max_value=MOST, widget=widget)
    if of.kind == "date":
        return forms.DateField(
            label=label, required=required, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        )
    if of.kind == "file":
        taken = _("%(kinds)s; 20 MB at most") % {"kinds": ", ".join(sorted(set(evidence.KINDS) - {"jpeg"}))}
        accept = ",".join(f".{kind}" for kind in evidence.KINDS)
        widget = forms.ClearableFileInput(attrs={"accept": accept})
        return EvidenceFile(label=label, required=required, help_text=taken, widget=widget, max_length=250)
    if of.kind == "flag":
        return forms.BooleanField(label=label, required=required)
    return _text(label, required)


def _text(label: str, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
