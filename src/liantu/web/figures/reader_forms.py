"""Forms of the reader: what is to be read, and what a person puts right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liantu.ledger.catalogue import Catalogue
from liantu.ledger.periods import BadPeriod
from liantu.ledger.periods_zh import parse_period_zh
from liantu.web.figures import shown
from liantu.web.figures.proposed import GROWTHS

MOST_FILES = 500
LARGEST_TEXT = 500_000
KINDS = (".txt", ".html", ".htm", ".docx", ".pdf", ".md")


class Files(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = [d for d in (data if isinstance(data, list | tuple) else [data]) if d]
        if not given and not self.required:
            return []
        return [super(FilesField, self).clean(one, initial) for one in given]


class BringForm(forms.Form):
    """Files or a text."""

    files = FilesField(
        label=gettext_lazy("Documents"),
        required=False,
        max_length=400,
        allow_empty_file=True,  # told of the one file, beside those that can be read
        widget=Files(attrs={"accept": ",".join(KINDS), "multiple": True}),
        help_text=gettext_lazy("Text, Word (.docx), PDF with text or HTML; up to 500 at once, 64 MB in all."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste a text"),
        required=False,
        strip=False,
        max_length=LARGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    title = forms.CharField(label=gettext_lazy("Title of the text"), required=False, max_length=60)
    sender = forms.CharField(label=gettext_lazy("Published by"), required=False, max_length=200)
    dated = forms.DateField(
        label=gettext_lazy("Date of the documents"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Left blank, it is read from the text; 今年 and 去年 follow from it."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        if not said.get("files") and not (said.get("text") or "").strip():
            raise forms.ValidationError(_("Choose a file, or paste a text."))
        if len(said.get("files") or ()) > MOST_FILES:
            raise forms.ValidationError(_("At most %(n)d documents at once.") % {"n": MOST_FILES})
        return said


class CorrectForm(forms.Form):
    """What a person says of a proposed figure."""

    value = forms.CharField(
        label=pgettext_lazy("figure", "Value"), max_length=40,
        help_text=gettext_lazy("In the base unit, or as it is printed: 70余亿元"),
    )  # fmt: skip
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"list": "subjects"}),
    )
    indicator = forms.CharField(
        label=gettext_lazy("Indicator"), max_length=100, required=False,
        widget=forms.TextInput({"list": "indicators"}),
    )  # fmt: skip
    period = forms.CharField(
        label=gettext_lazy("Period"), max_length=40, required=False,
        help_text=gettext_lazy("2025, 2025-Q3, 2025-09, 2025-01/2025-09, 2021/2025"),
    )  # fmt: skip
    measure = forms.ChoiceField(
        label=gettext_lazy("Measure"), choices=[(k, v) for k, v in shown.MEASURES.items() if k != "streak"]
    )
    growth_basis = forms.ChoiceField(
        label=gettext_lazy("Compared"), required=False, choices=[("", "–"), *GROWTHS.items()]
    )
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=list(shown.STATUSES.items()))
    qualifier = forms.ChoiceField(
        label=gettext_lazy("Bound"), required=False, choices=[("", "–"), *shown.QUALIFIERS.items()]
    )
    base_period = forms.CharField(
        label=gettext_lazy("Compared with the period"), max_length=40, required=False
    )

    def clean_period(self) -> str:
        return _as_period(self.cleaned_data["period"])

    def clean_base_period(self) -> str:
        return _as_period(self.cleaned_data["base_period"])

    def changes(self, now: dict[str, Any], known: Catalogue) -> dict[str, object]:
        """Only the fields that differ from what is proposed; a name of the catalogue gives its code."""
        said: dict[str, object] = {}
        for name in self.changed_data:
            value = self.cleaned_data[name]
            if name == "subject" and (subject := known.subject(value)):
                value = subject.zh
            if name == "indicator" and (indicator := known.indicator(value)):
                value = indicator.id
            if (now[name] or "") != value:
                said[name] = value
        if "value" in said and "unit" not in said and not said["value"]:
            said.pop("value")
        return said


def _as_period(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return str(parse_period_zh(text.strip(), None))
    except BadPeriod:
        return text.strip()
