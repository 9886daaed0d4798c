"""Forms of subjects and indicators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.ledger.catalogue import Catalogue
from liantu.ledger.formula import BadFormula, Formula
from liantu.ledger.units import find_unit
from liantu.web.figures.models import Indicator, Subject


class _Named(forms.ModelForm):
    """What both have: aliases one a line, and names that nothing else bears."""

    def __init__(self, *args: Any, known: Catalogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        lines = "\n".join(self.instance.aliases) if self.instance.pk else ""
        self.fields["aliases"] = forms.CharField(
            label=gettext_lazy("Other names"), required=False, max_length=4000, initial=lines,
            widget=forms.Textarea({"rows": 3}), help_text=gettext_lazy("One a line."),
        )  # fmt: skip
        self.initial["aliases"] = lines
        self.fields["name_en"].required = True
        if self.instance.pk:
            self.fields["code"].disabled = True

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if not code.replace("_", "").isalnum() or not code.isascii():
            raise forms.ValidationError(_("Small letters, digits and _ only."))
        return code

    def clean_aliases(self) -> list[str]:
        return list(dict.fromkeys(x.strip() for x in self.cleaned_data["aliases"].splitlines() if x.strip()))

    def taken(self, look: Any) -> None:
        """Names that something else bears."""
        said = self.cleaned_data
        for field, name in [
            ("name_zh", said.get("name_zh", "")),
            *(("aliases", a) for a in said.get("aliases", [])),
        ]:
            other = look(name) if name else None
            if other is not None and other.id != self.instance.code and other.id != said.get("code"):
                self.add_error(
                    field, _("“%(name)s” is a name of %(other)s already.") % {"name": name, "other": other.id}
                )

    def said(self) -> dict[str, Any]:
        """The fields to be kept."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}


class SubjectForm(_Named):
    """A subject of figures."""

    part_of = forms.ChoiceField(label=gettext_lazy("Lies in"), required=False)

    class Meta:
        model = Subject
        fields = ("code", "name_zh", "name_en", "kind", "aliases", "start", "end")
        widgets = {  # noqa: RUF012 (as Django has it)
            "start": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "end": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [
            ("", "–"),
            *((s.id, s.zh) for s in self.known.subjects.values() if s.id != self.instance.code),
        ]
        self.fields["part_of"].choices = options
        if self.instance.parts_of:
            self.initial["part_of"] = self.instance.parts_of[0][0]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.taken(self.known.subject)
        if said.get("start") and said.get("end") and said["start"] > said["end"]:
            self.add_error("end", _("It ends before it begins."))
        at, seen = said.get("part_of"), set()
        while at and at not in seen and at in self.known.subjects:
            seen.add(at)
            if at == self.instance.code or at == said.get("code"):
                self.add_error("part_of", _("A subject can't lie in itself."))
                break
            parts = self.known.subjects[at].parts_of
            at = parts[0].of if parts else None
        return dict(said)

    def said(self) -> dict[str, Any]:
        found = super().said()
        chosen, was = found.pop("part_of"), list(self.instance.parts_of)
        first = was[0][0] if was else ""
        return found | {"parts_of": was if chosen == first else [[chosen, True]] if chosen else []}


class IndicatorForm(_Named):
    """An indicator."""

    class Meta:
        model = Indicator
        fields = ("code", "name_zh", "name_en", "unit", "kind", "direction", "definition",
                  "aliases", "steward",
                  "additive", "growth", "formula")  # fmt: skip

    def clean_unit(self) -> str:
        found = find_unit(self.cleaned_data["unit"])
        if found is None:
            raise forms.ValidationError(_("The unit is not known; write CNY, t, person, count or the like."))
        return found.code

    def clean_formula(self) -> str:
        text: str = self.cleaned_data["formula"].strip()
        if not text:
            return ""
        try:
            found = Formula.parse(text)
        except BadFormula as error:
            raise forms.ValidationError(
                _("Indicators' codes with + - * / and brackets are expected.")
            ) from error
        unknown = [n for n in found.names if n not in self.known.indicators]
        if unknown:
            raise forms.ValidationError(
                _("No indicator has the code %(names)s.") % {"names": ", ".join(unknown)}
            )
        return text

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.taken(self.known.indicator)
        return dict(said)
