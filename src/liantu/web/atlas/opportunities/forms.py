"""Working on an opportunity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import Department, User
from liantu.web.atlas.models import Opportunity
from liantu.web.atlas.opportunities.selectors import possible_owners
from liantu.web.atlas.opportunities.states import NEEDS_REASON, may_become


class OpportunityForm(forms.Form):
    """State, owner and day; `version` is the one that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    state = forms.ChoiceField(label=_("State"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Why it is dropped; needed then."),
    )
    department = forms.ModelChoiceField(Department.objects, label=_("Department"), required=False)
    owner = forms.ModelChoiceField(
        User.objects, label=_("Owner"), required=False, help_text=_("Who takes the next step.")
    )
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any, opportunity: Opportunity, user: User) -> None:
        names = ("version", "state", "reason", "department", "owner", "due_on", "note")
        super().__init__(data, initial={n: getattr(opportunity, n) for n in names}, label_suffix="")
        labels = dict(Opportunity.State.choices)
        state, owner = self.fields["state"], self.fields["owner"]
        assert isinstance(state, forms.ChoiceField)
        assert isinstance(owner, forms.ModelChoiceField)
        state.choices = [(s, labels[s]) for s in may_become(opportunity.state)]
        owner.queryset = possible_owners(user)

    def clean(self) -> dict[str, Any]:
        """What is dropped says why."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("state") in NEEDS_REASON and not found.get("reason"):
            self.add_error("reason", _("Say why it is dropped."))
        return found
