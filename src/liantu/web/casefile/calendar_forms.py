"""Forms of the working-day calendar and of who holds a party."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.casework.days import FIRST_YEAR, LAST_YEAR
from liantu.casework.hours import BadHours, Hours
from liantu.web.accounts.models import User
from liantu.web.casefile import people
from liantu.web.casefile.models import CalendarDay


class DayForm(forms.Form):
    """What the city, or a notice, says of one day."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    working = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=(("0", gettext_lazy("a day off")), ("1", gettext_lazy("a working day"))),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
    hours = forms.CharField(
        label=gettext_lazy("Hours of its own"), max_length=60, required=False,
        help_text=gettext_lazy("Such as 08:30-12:00, only of a working day; several parted by commas."),
    )  # fmt: skip
    origin = forms.ChoiceField(label=gettext_lazy("Who says so"), choices=CalendarDay.Origin.choices)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            bounds = {"first": FIRST_YEAR, "last": LAST_YEAR}
            raise forms.ValidationError(_("Give a day from %(first)s to %(last)s."), params=bounds)
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["working"] = given.get("working") == "1"
        text = (given.get("hours") or "").replace("，", ",").strip()
        if text and not given["working"]:
            self.add_error("hours", _("A day off has no hours of work."))
        elif text:
            try:
                given["hours"] = str(Hours.of(*[part for part in text.split(",") if part.strip()]))
            except BadHours:
                self.add_error("hours", _("Write hours as 08:30-12:00, one after the other."))
        return given


class YearForm(forms.Form):
    """A year whose notice was entered."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class HolderForm(forms.Form):
    """Who holds a party."""

    party = forms.ChoiceField(label=gettext_lazy("Party"))
    user = forms.ModelChoiceField(queryset=User.objects.none(), label=gettext_lazy("Person"))

    def __init__(self, data: Any, parties: list[tuple[str, str]]) -> None:
        super().__init__(data, label_suffix="")
        field, user = self.fields["party"], self.fields["user"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(user, forms.ModelChoiceField)
        field.choices = parties
        roles = [role for role, party in people.OF_ROLE.items() if party in people.STANDS_IN.values()]
        user.queryset = User.objects.filter(is_active=True, memberships__role__in=roles).distinct()
