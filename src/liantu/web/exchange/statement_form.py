"""The form in which an enterprise states a need or an offer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liantu.chain.units import unit_label
from liantu.i18n import current_language
from liantu.web.accounts.models import Enterprise, User
from liantu.web.accounts.permissions import Permission, Reach
from liantu.web.atlas.city import City
from liantu.web.exchange.models import MONTHS, Statement

MOST, DEAREST = 1e12, 1e9
NUMBER = {"inputmode": "decimal", "autocomplete": "off"}
DAY = {"type": "date"}


def number(label: Any, least: float | None, most: float, **options: Any) -> forms.FloatField:
    """A number that is typed; what is no finite number is refused by Django."""
    widget = forms.TextInput(attrs=NUMBER)
    return forms.FloatField(
        label=label, min_value=least, max_value=most, widget=widget, required=False, **options
    )


class StatementForm(forms.Form):
    """Everything that a statement says; `said` is what the action takes."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Statement.Kind.choices)
    enterprise = forms.ChoiceField(
        label=gettext_lazy("For which enterprise"), required=False,
        help_text=gettext_lazy("Left blank: for the city, by the task force."),
    )  # fmt: skip
    material = forms.ChoiceField(label=gettext_lazy("Material"))
    per_year = number(
        gettext_lazy("Quantity a year, in the material's unit"), None, MOST,
        help_text=gettext_lazy("Spread evenly over the year; or fill in the months below instead."),
    )  # fmt: skip
    purity = number(
        gettext_lazy("Purity in per cent"), 0.0001, 100,
        help_text=gettext_lazy("For a need the least that will do."),
    )  # fmt: skip
    at = forms.ChoiceField(
        label=gettext_lazy("Place"), required=False,
        help_text=gettext_lazy("A park or a plant; or give the position below."),
    )  # fmt: skip
    lat = number(gettext_lazy("Latitude, degrees north"), -90, 90)
    lon = number(gettext_lazy("Longitude, degrees east"), -180, 180)
    price = number(
        gettext_lazy("Price limit, CNY per unit"), -DEAREST, DEAREST,
        help_text=gettext_lazy("Of a need the most, delivered; of an offer the least, at the gate."),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=gettext_lazy("From when"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Until when"), required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY),
    )  # fmt: skip
    contact = forms.CharField(label=gettext_lazy("Contact"), max_length=200, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    hide_name = forms.BooleanField(
        label=gettext_lazy("Hide the name from other enterprises"), required=False,
        help_text=gettext_lazy("With it the place, the contact, the note and all distances are hidden. "
                               "The task force sees everything."),
    )  # fmt: skip
    hide_price = forms.BooleanField(
        label=gettext_lazy("Hide the price from other enterprises"), required=False,
        help_text=gettext_lazy("With it the note and all that is computed from the price are hidden."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**6)

    def __init__(self, data: Any, *, city: City, user: User, of: Statement | None = None, **kw: Any) -> None:
        super().__init__(data, label_suffix="", **kw)
        self.city, self.user, self.of = city, user, of
        for month in range(1, MONTHS + 1):
            self.fields[f"m{month}"] = number(_("Month %(n)s") % {"n": month}, 0, MOST)
        self._choices()
        if of is not None:
            for name in ("kind", "enterprise"):  # said once
                self.fields.pop(name, None)

    def _choices(self) -> None:
        n, lang = self.city.network, current_language()
        m, p = n.materials, n.plants
        free = {k for k, unlimited in zip(m.id, m.unlimited, strict=True) if unlimited}
        units = dict(zip(m.id, m.unit, strict=True))
        named = [
            (k, f"{self.city.material(k)} · {unit_label(units[k], lang)}") for k in m.id if k not in free
        ]
        self._choose("material", sorted(named, key=lambda pair: pair[1]))
        own = self._own_plants()
        standing = [(k, str(self.city.plant(k))) for k, c in zip(p.id, p.is_candidate, strict=True)
                    if not c and (own is None or k in own)]  # fmt: skip
        parks = [(k, str(self.city.park(k))) for k in n.parks]
        groups = [(_("Parks"), parks), (_("Plants"), standing)]
        self._choose("at", [(name, group) for name, group in groups if group])
        firms = self._firms()
        self._choose("enterprise", [(str(e.pk), str(e)) for e in firms])
        if not self._everywhere:
            del self.fields["enterprise"]

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose …")), *choices]

    @property
    def speaks_for(self) -> Enterprise | None:
        """The enterprise of somebody who states for no other."""
        return None if self._everywhere else self.user.enterprise

    @property
    def _everywhere(self) -> bool:
        return any(m.reach is Reach.CITY for m in self.user.granting(Permission.EXCHANGE_STATE))

    def _firms(self) -> list[Enterprise]:
        return list(Enterprise.objects.order_by("name_zh")) if self._everywhere else []

    def _own_plants(self) -> set[str] | None:
        """The plants of the enterprise and of those below it; None for all."""
        firm = self.speaks_for
        if firm is None:
            return None
        n = self.city.network
        return {p for p, e in zip(n.plants.id, n.plants.enterprise, strict=True) if self._below(e, firm.code)}

    def _below(self, code: str, above: str) -> bool:
        for _step in range(10):
            if code == above:
                return True
            if code not in self.city.network.enterprises:
                return False
            code = self.city.network.enterprises[code].parent
        return False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._clean_quantity(given)
        self._clean_place(given)
        start, end = given.get("valid_from"), given.get("valid_until")
        if start and not date(2000, 1, 1) <= start <= date(2060, 12, 31):
            self.add_error("valid_from", _("Give a day between 2000 and 2060."))
        if start and end and end < start:
            self.add_error("valid_until", _("It ends before it begins."))
        elif end and end < timezone.localdate():
            self.add_error("valid_until", _("That day is over."))
        for name in ("contact", "note"):
            if any(ord(c) < 32 and c not in "\r\n\t" for c in given.get(name) or ""):
                self.add_error(name, _("It holds characters that are no text."))
        return given

    def _clean_quantity(self, given: dict[str, Any]) -> None:
        months = [given.get(f"m{n}") for n in range(1, MONTHS + 1)]
        if any(f"m{n}" in self.errors for n in range(1, MONTHS + 1)) or "per_year" in self.errors:
            return
        total = given.get("per_year")
        if any(q is not None for q in months):
            given["months"] = [float(q or 0.0) for q in months]
            if total is not None and abs(total - sum(given["months"])) > 1e-6 * max(1.0, abs(total)):
                self.add_error("per_year", _("It is not the sum of the months; leave one of them blank."))
            given["per_year"] = sum(given["months"])
        else:
            given["months"] = []
        if not (given.get("per_year") or 0.0) > 0 and "per_year" not in self.errors:
            self.add_error("per_year", _("Enter a number above zero, or the months."))

    def _clean_place(self, given: dict[str, Any]) -> None:
        at, lat, lon = given.get("at"), given.get("lat"), given.get("lon")
        if any(name in self.errors for name in ("at", "lat", "lon")):
            return
        if at and (lat is not None or lon is not None):
            self.add_error("at", _("Choose a place or give a position, not both."))
        elif not at and lat is None and lon is None:
            self.add_error("at", _("Choose a place, or give latitude and longitude."))
        elif not at and (lat is None or lon is None):
            self.add_error("lat" if lat is None else "lon", _("Latitude and longitude belong together."))

    def said(self) -> dict[str, Any]:
        """What the action keeps."""
        given = self.cleaned_data
        n, key = self.city.network, given["material"]
        m, plants = n.materials, n.plants
        i, at = m.index[key], given.get("at") or ""
        park = plants.park[plants.index[at]] if at in plants.index else at if at in n.parks else ""
        firm = self.speaks_for
        if firm is None and given.get("enterprise"):
            firm = Enterprise.objects.get(pk=given["enterprise"])
        return {
            "kind": given.get("kind") or (self.of.kind if self.of else ""),
            "material": key, "material_zh": m.name_zh[i], "material_en": m.name_en[i], "unit": m.unit[i],
            "per_year": given["per_year"], "months": given["months"],
            "purity": given["purity"] / 100 if given.get("purity") else None, "price": given.get("price"),
            "at": at, "lat": given.get("lat"), "lon": given.get("lon"), "park": park,
            "valid_from": given["valid_from"], "valid_until": given.get("valid_until"),
            "contact": given.get("contact", ""), "note": given.get("note", ""),
            "hide_name": given["hide_name"], "hide_price": given["hide_price"],
            "enterprise": self.of.enterprise if self.of else firm,
        }  # fmt: skip


def initial_of(s: Statement) -> dict[str, Any]:
    """What the form shows of a statement that is changed."""
    names = ("material", "at", "lat", "lon", "price", "valid_from", "valid_until", "contact", "note",
             "hide_name", "hide_price", "version")  # fmt: skip
    found: dict[str, Any] = {name: getattr(s, name) for name in names}
    found["purity"] = round(s.purity * 100, 6) if s.purity is not None else None
    if s.months:
        return found | {f"m{n}": q for n, q in enumerate(s.months, start=1)}
    return found | {"per_year": s.per_year}
