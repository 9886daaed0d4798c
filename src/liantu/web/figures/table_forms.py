"""Forms of tables: the file with its sender, and how it is read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liantu.ledger.mapping import LABELS, ROLES, Mapping
from liantu.web.figures.tables import LARGEST

ROLE_NAMES = {
    "subject": gettext_lazy("Subject"), "indicator": gettext_lazy("Indicator"),
    "period": gettext_lazy("Period"),
    "value": pgettext_lazy("figure", "Value"), "unit": gettext_lazy("Unit"),
    "measure": gettext_lazy("Measure"),
    "basis": gettext_lazy("Compared"), "price": gettext_lazy("Prices"), "status": gettext_lazy("Status"),
    "qualifier": gettext_lazy("Bound"), "base_period": gettext_lazy("Compared with the period"),
    "within": gettext_lazy("Within"), "place": gettext_lazy("Place in it"),
}  # fmt: skip
CONSTANTS = ("subject", "indicator", "period", "unit", "status")


class TableForm(forms.Form):
    """A table and who sent it."""

    file = forms.FileField(
        label=gettext_lazy("File"), max_length=400,
        help_text=gettext_lazy("Excel (.xlsx, .xls), CSV or SDMX-CSV; at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )  # fmt: skip
    sender = forms.CharField(
        label=gettext_lazy("Sender"), max_length=100, widget=forms.TextInput({"list": "senders"}),
        help_text=gettext_lazy("How a sender's tables are read is remembered."),
    )  # fmt: skip
    dated = forms.DateField(
        label=gettext_lazy("Date of the source"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file has more than 20 MB; split it."))
        return file


class MappingForm(forms.Form):
    """How a sender's table is read; a column has a role, or none."""

    layout = forms.ChoiceField(
        label=gettext_lazy("Layout"),
        choices=(("wide", gettext_lazy("periods side by side: an indicator a row")),
                 ("long", gettext_lazy("a figure a row"))),
    )  # fmt: skip
    skip = forms.IntegerField(
        label=gettext_lazy("Rows above the header"), min_value=0, max_value=50, initial=0
    )
    header_rows = forms.IntegerField(
        label=gettext_lazy("Rows of the header"), min_value=1, max_value=5, initial=1
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year of headings that name none"), min_value=1900, max_value=2200, required=False
    )
    sheet = forms.CharField(label=gettext_lazy("Sheet"), max_length=60, required=False)
    ignore = forms.CharField(
        label=gettext_lazy("Rows to leave out"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("How such rows begin, one a line: 注, 合计"),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("The sender's own words"), required=False, max_length=20000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("One a line: their word = name or code in the catalogue"),
    )  # fmt: skip

    def __init__(self, *args: Any, heads: list[str], was: Mapping | None, sender: str, **kwargs: Any) -> None:
        if was is not None:
            kwargs["initial"] = _initial(was)
        super().__init__(*args, **kwargs)
        self.heads, self.sender = [h for h in dict.fromkeys(heads) if h], sender
        roles = [("", "–"), *((r, ROLE_NAMES[r]) for r in ROLES)]
        known = dict(was.columns) if was else {}
        for i, head in enumerate(self.heads):
            self.fields[f"column_{i}"] = forms.ChoiceField(
                label=head, choices=roles, required=False, initial=known.get(head, "")
            )
        for role in CONSTANTS:
            self.fields[f"constant_{role}"] = forms.CharField(
                label=ROLE_NAMES[role], max_length=100, required=False,
                initial=(was.constants.get(role, "") if was else ""),
            )  # fmt: skip

    @property
    def columns(self) -> list[Any]:
        """The fields of the columns."""
        return [self[f"column_{i}"] for i in range(len(self.heads))]

    @property
    def constants(self) -> list[Any]:
        """The fields of what is the same everywhere."""
        return [self[f"constant_{role}"] for role in CONSTANTS]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        found = self.mapping()
        roles = [*found.columns.values(), *found.constants]
        needed = ("subject", "indicator", *(("period", "value") if found.layout == "long" else ()))
        for role in needed:
            if role not in roles:
                said_ = _("No column and no fixed word gives: %(role)s") % {"role": ROLE_NAMES[role]}
                self.add_error(None, said_)
        if found.layout == "wide":
            for name, role in found.columns.items():
                if role not in LABELS:
                    self.add_error(
                        None, _("%(column)s: side by side, a column of words is subject, indicator or unit.")
                        % {"column": name},
                    )  # fmt: skip
        return said

    def mapping(self) -> Mapping:
        """The mapping that the form describes."""
        said = self.cleaned_data
        columns = {h: said[f"column_{i}"] for i, h in enumerate(self.heads) if said.get(f"column_{i}")}
        constants = {r: said[f"constant_{r}"] for r in CONSTANTS if said.get(f"constant_{r}")}
        pairs = (line.partition("=") for line in said["words"].splitlines() if "=" in line)
        words = {
            theirs.strip(): ours.strip() for theirs, _sign, ours in pairs if theirs.strip() and ours.strip()
        }
        ignore = tuple(line.strip() for line in said["ignore"].splitlines() if line.strip())
        return Mapping(
            self.sender, said["layout"], columns, said["header_rows"], said["skip"], constants, words, ignore,
            said["year"], said["sheet"],
        )  # fmt: skip


def _initial(was: Mapping) -> dict[str, Any]:
    return {
        "layout": was.layout, "skip": was.skip, "header_rows": was.header_rows, "year": was.year,
        "sheet": was.sheet, "ignore": "\n".join(was.ignore),
        "words": "\n".join(f"{theirs} = {ours}" for theirs, ours in was.words.items()),
    }  # fmt: skip
