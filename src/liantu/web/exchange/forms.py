"""One need or offer as a person states it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liantu.chain.units import unit_label
from liantu.i18n import current_language
from liantu.web.atlas.city import City

NEED, OFFER = "need", "offer"
WIDGET = {"class": "form-select"}
FIELD = {"class": "form-control"}


class MatchForm(forms.Form):
    """kind: need or offer; at: a plant, candidate or park; purity in per cent, price in CNY per unit."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=((NEED, _("a need")), (OFFER, _("an offer"))),
        widget=forms.Select(attrs=WIDGET),
    )
    material = forms.ChoiceField(label=_("Material"), widget=forms.Select(attrs=WIDGET))
    quantity = forms.FloatField(
        label=_("Quantity a year, in the material's unit"),
        max_value=1e12,
        widget=forms.TextInput(attrs=FIELD | {"inputmode": "decimal"}),
    )
    at = forms.ChoiceField(label=_("Place"), widget=forms.Select(attrs=WIDGET))
    purity = forms.FloatField(
        label=_("Purity in per cent; for a need the least that will do"),
        required=False,
        min_value=0.0001,
        max_value=100,
        widget=forms.TextInput(attrs=FIELD | {"inputmode": "decimal"}),
    )
    price = forms.FloatField(
        label=_("Price (CNY/unit): at most for a need, at least for an offer"),
        required=False,
        min_value=-1e9,
        max_value=1e9,
        widget=forms.TextInput(attrs=FIELD | {"inputmode": "decimal"}),
    )

    def __init__(self, data: Any, city: City) -> None:
        super().__init__(data, label_suffix="")
        m, p = city.network.materials, city.network.plants
        units = dict(zip(m.id, m.unit, strict=True))
        self._choose(
            "material",
            [(k, f"{city.material(k)} · {unit_label(units[k], current_language())}") for k in m.id],
        )
        parks = [(k, str(city.park(k))) for k in city.network.parks]
        standing = [(k, str(city.plant(k))) for k, c in zip(p.id, p.is_candidate, strict=True) if not c]
        planned = [(k, str(city.plant(k))) for k, c in zip(p.id, p.is_candidate, strict=True) if c]
        places = [(_("Parks"), parks), (_("Plants"), standing), (_("Candidates"), planned)]
        self._choose("at", [(name, group) for name, group in places if group])

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose …")), *choices]

    def clean_quantity(self) -> float:
        """A finite amount: 'inf' and 'nan' are numbers to Python, not to a plant."""
        value: float = self.cleaned_data["quantity"]
        if not (math.isfinite(value) and value > 0):
            raise forms.ValidationError(_("Enter a number above zero."))
        return value
