"""The form of a step of the exchange; closing a case asks why where a figure is not as computed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from liantu.casework.flow import Transition
from liantu.web.accounts.models import User
from liantu.web.casefile import people
from liantu.web.casefile.forms import StepForm
from liantu.web.casefile.store import Opened
from liantu.web.exchange import cases
from liantu.web.exchange.models import ExchangeCase

RESULTS = {
    "e_verified_tonnes": "tonnes",
    "e_verified_cny": "cny",
    "e_verified_tce": "tce",
    "e_verified_co2": "co2",
}
SAME = 0.005


class ExchangeStepForm(StepForm):
    """Any step."""

    def __init__(self, data: Any, files: Any, *, case: ExchangeCase, opened: Opened, **kwargs: Any) -> None:
        self.case, self.opened = case, opened
        self.computed: dict[str, float] = {}
        super().__init__(data, files, flow=opened.flow, **kwargs)

    def take(self, *, by: User) -> None:
        """Raises RefusedError and NotTakenError."""
        version = self.cleaned_data["version"]
        why = self.cleaned_data.get("why", "")
        cases.step(self.case, self.as_step(), version=version, by=by, computed=self.computed, why=why)


class CloseForm(ExchangeStepForm):
    """The last step: the computed result as it stands, or corrected with a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.computed = cases.computed(self.case, self.opened)
        for field, name in RESULTS.items():
            if name in self.computed:
                self.fields[field].initial = float(f"{self.computed[name]:.6g}")
        self.fields["why"] = forms.CharField(
            label=_("Why it differs from what was computed"), max_length=2000, required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        differs = [f for f, name in RESULTS.items() if self._differs(given.get(f), self.computed.get(name))]
        if differs and not (given.get("why") or "").strip():
            self.add_error("why", _("A figure differs from what was computed: say why."))
        return given

    def _differs(self, typed: float | None, computed: float | None) -> bool:
        if typed is None or computed is None:
            return False
        return abs(typed - computed) > SAME * max(abs(computed), 1e-6)


def form_of(request: HttpRequest, case: ExchangeCase, opened: Opened, step: Transition) -> ExchangeStepForm:
    """The form of a step, bound where it was sent."""
    posted = request.method == "POST"
    owners = people.may_own(case.file) if step.owner == "named" else []
    initial: dict[str, Any] = {"version": case.file.version}
    initial |= {
        f"e_{name}": timezone.localdate()
        for name in step.evidence
        if opened.flow.evidence[name].kind == "date"
    }
    return (CloseForm if step.id == "close" else ExchangeStepForm)(
        request.POST if posted else None, request.FILES if posted else None, case=case, opened=opened,
        step=step, owners=owners, initial=initial,
    )  # fmt: skip
