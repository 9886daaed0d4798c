"""The form of a portfolio: what may be taken, and how hard to look."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

HUNDRED_MILLION = 1e8
MOST_BUDGETS = 20


class PortfolioForm(forms.Form):
    """Limits on what candidates may take together; a blank one leaves what the city caps leave."""

    name = forms.CharField(label=_("Name"), max_length=80)
    capital = forms.FloatField(label=_("Investment"), required=False, min_value=0)
    land = forms.FloatField(label=_("Land"), required=False, min_value=0)
    water = forms.FloatField(
        label=_("Water above today"), required=False, help_text=_("Below zero: to be saved.")
    )
    energy = forms.FloatField(
        label=_("Energy above today"), required=False, help_text=_("Below zero: to be saved.")
    )
    co2 = forms.FloatField(
        label=_("CO2 above today"), required=False, help_text=_("Below zero: to be saved.")
    )
    runners_up = forms.IntegerField(label=_("Next best sets"), min_value=0, max_value=10, initial=3)
    differ_by = forms.IntegerField(
        label=_("Candidates in which they differ at least"), min_value=1, max_value=20, initial=1
    )
    budgets = forms.CharField(
        label=_("Investments to compare"),
        max_length=200,
        required=False,
        help_text=_("Numbers separated by ;. Blank: eight equal steps."),
    )
    time_limit = forms.IntegerField(
        label=_("Time for all choices together"), min_value=5, max_value=1800, initial=60
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("capital", "land", "water", "energy", "co2"):
            value = cleaned.get(name)
            if value is not None and not math.isfinite(value):
                self.add_error(name, _("Give a finite number."))
        return cleaned

    def clean_budgets(self) -> list[float] | None:
        text = self.cleaned_data["budgets"].replace("；", ";").strip()
        if not text:
            return None
        parts = [p.strip() for p in text.split(";") if p.strip()]
        if len(parts) > MOST_BUDGETS:
            raise forms.ValidationError(_("At most %(n)s."), params={"n": MOST_BUDGETS})
        found = []
        for part in parts:
            try:
                value = float(part)
            except ValueError:
                value = math.nan
            if not (math.isfinite(value) and value >= 0):
                raise forms.ValidationError(_("“%(text)s” is no amount of money."), params={"text": part})
            found.append(value)
        return found

    @property
    def options(self) -> dict[str, Any]:
        """What the run is asked, in CNY and the units of the engine."""
        c = self.cleaned_data
        rooms = {name: c[name] for name in ("land", "water", "energy", "co2") if c[name] is not None}
        if c["capital"] is not None:
            rooms["capital"] = c["capital"] * HUNDRED_MILLION
        out = {name: c[name] for name in ("runners_up", "differ_by", "time_limit")}
        if c["budgets"] is not None:
            out["budgets"] = [b * HUNDRED_MILLION for b in c["budgets"]]
        return {"rooms": rooms, **out}
