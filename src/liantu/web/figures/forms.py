"""Forms of figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liantu.ledger.catalogue import Catalogue
from liantu.ledger.observation import BadObservation, Observation
from liantu.ledger.periods import BadPeriod, Period
from liantu.ledger.periods_zh import parse_period_zh
from liantu.ledger.units import UNITS, find_unit
from liantu.web.figures import shown
from liantu.web.kit.naming import chinese

PERIOD_HELP = gettext_lazy("2025, 2025-Q3, 2025-09, 2025-01/2025-09, 2021/2025, or 2025年1-9月")


def parsed_period(text: str) -> Period | None:
    """The period that a person wrote. Raises ValidationError."""
    if not text.strip():
        return None
    try:
        return parse_period_zh(text.strip(), None)
    except BadPeriod:
        raise forms.ValidationError(
            _("“%(found)s” is no period; write 2025, 2025-Q3, 2025-09 or 2025-01/2025-09.")
            % {"found": text[:40]}
        ) from None


class FigureForm(forms.Form):
    """One figure, typed by a person: to be entered, or in the place of another one."""

    subject = forms.ChoiceField(label=gettext_lazy("Subject"))
    indicator = forms.ChoiceField(label=gettext_lazy("Indicator"))
    period = forms.CharField(label=gettext_lazy("Period"), max_length=40, help_text=PERIOD_HELP)
    value = forms.CharField(
        label=pgettext_lazy("figure", "Value"),
        max_length=40,
        help_text=gettext_lazy("As printed; a fall is negative."),
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"), max_length=20, help_text=gettext_lazy("亿元, 万吨, 万人, 个, %, 位次 …")
    )
    measure = forms.ChoiceField(label=gettext_lazy("Measure"), choices=list(shown.MEASURES.items()))
    basis = forms.ChoiceField(
        label=gettext_lazy("Compared"), required=False, choices=[("", "–"), *shown.BASES.items()]
    )
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=list(shown.STATUSES.items()))
    price = forms.ChoiceField(label=gettext_lazy("Prices"), choices=list(shown.PRICES.items()))
    qualifier = forms.ChoiceField(
        label=gettext_lazy("Bound"), required=False, choices=[("", "–"), *shown.QUALIFIERS.items()]
    )
    within = forms.CharField(
        label=gettext_lazy("Within"), max_length=200, required=False,
        help_text=gettext_lazy("Who is ranked, or the whole of a share."),
    )  # fmt: skip
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300)
    source_date = forms.DateField(
        label=gettext_lazy("Date of the source"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("Place in it"), max_length=100, required=False)

    def __init__(self, *args: Any, known: Catalogue, of: Observation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        subjects = {s.id: shown.subject_name(s.id, known) for s in known.subjects.values()}
        indicators = {i.id: shown.indicator_name(i.id, known) for i in known.indicators.values()}
        if of is not None:
            subjects.setdefault(of.subject, shown.subject_name(of.subject, known))
            indicators.setdefault(of.indicator, shown.indicator_name(of.indicator, known))
            self.fields["why"] = forms.CharField(
                label=gettext_lazy("Why it is corrected"), max_length=500, widget=forms.Textarea({"rows": 2})
            )
        for name, options in (("subject", subjects), ("indicator", indicators)):
            field: Any = self.fields[name]
            field.choices = [("", "–"), *((code, str(named)) for code, named in options.items())]

    def clean_period(self) -> Period | None:
        return parsed_period(self.cleaned_data["period"])

    def clean_value(self) -> Decimal:
        text = self.cleaned_data["value"].replace(",", "").replace("，", "").replace("−", "-").strip()
        try:
            found = Decimal(text)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or abs(found) > Decimal(10) ** 18 or abs(found.adjusted()) > 18:
            raise forms.ValidationError(_("A plain number is expected, such as 505.7."))
        return found

    def clean_unit(self) -> str:
        found = find_unit(self.cleaned_data["unit"])
        if found is None:
            first = list(UNITS.values())[:14]
            some = ", ".join(u.zh[0] if chinese() and u.zh else u.code for u in first)
            raise forms.ValidationError(_("The unit is not known; some that are: %(some)s") % {"some": some})
        return found.code

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors:
            try:
                self.observation(said)
            except BadObservation as error:
                self.add_error(None, _("The fields contradict each other: %(what)s") % {"what": error})
        return said

    def observation(self, said: dict[str, Any]) -> Observation:
        """The figure. Raises BadObservation."""
        value: Decimal = said["value"]
        unit = UNITS[said["unit"]]
        counted = unit.dimension in ("count", "people", "rank") and unit.factor == 1
        whole = counted and value == value.to_integral_value()
        step = Decimal(0) if whole else Decimal(1).scaleb(int(value.as_tuple().exponent))
        fields = ("subject", "indicator", "period", "value", "unit", "measure", "basis", "status", "price",
                  "qualifier", "within", "source", "source_date", "place")  # fmt: skip
        base = self.of.base_period if self.of and said["measure"] in ("change", "rate", "multiple") else None
        return Observation(id="new", step=step, base_period=base, **{name: said[name] for name in fields})

    @staticmethod
    def initial_of(seen: Observation) -> dict[str, Any]:
        """The fields of a figure that is to be corrected."""
        names = ("subject", "indicator", "unit", "measure", "basis", "status", "price", "qualifier", "within",
                 "source", "source_date", "place")  # fmt: skip
        text = f"{seen.value:f}"
        return {n: getattr(seen, n) for n in names} | {"period": str(seen.period or ""), "value": text}


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def day_or_none(value: Any) -> date | None:
    """A day, where one was given."""
    return value if isinstance(value, date) else None
