"""Links worth building, as they are worked on: from a gap that was proved to who takes it over."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import Department, User
from liantu.web.accounts.scope import ScopedManager
from liantu.web.atlas.models.runs import Run
from liantu.web.kit.naming import chinese


class Opportunity(models.Model):
    """A gap that somebody sent to be worked on. What was proved is copied here and never changes.

    `basis` names the data and scenario that it was proved on; `subject` is the id of the proof, or of the
    gap where no candidate answers it: the same one of the same basis is there once. Money is CNY a year,
    `capital` CNY; None where nothing was proved. `members` are the plants built together: id, names,
    process, scale, unit, capital, park. `version` counts the changes; a change names the one it was made on.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        CHECKING = "checking", _("Being checked")
        APPROVED = "approved", _("Approved")
        HANDED_OVER = "handed_over", _("Handed over")
        DROPPED = "dropped", _("Dropped")

    class Kind(models.TextChoices):
        FILL = "fill", _("Fill the chain")
        EXTEND = "extend", _("Extend the chain")
        STRENGTHEN = "strengthen", _("Strengthen the chain")

    run = models.ForeignKey(Run, models.PROTECT, related_name="opportunities")  # the gaps
    basis = models.CharField(max_length=64)
    subject = models.CharField(max_length=300)
    proof = models.CharField(max_length=300, blank=True)
    gap = models.CharField(max_length=200, blank=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    title_zh = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    worth = models.FloatField(null=True)
    gain = models.FloatField(null=True)
    capital = models.FloatField(null=True)
    payback_years = models.FloatField(null=True)
    members = models.JSONField(default=list)
    park = models.CharField(max_length=64, blank=True)  # of the first member

    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.NEW)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    note = models.TextField(_("Note"), max_length=4000, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Department")
    )
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Owner")
    )
    due_on = models.DateField(_("Due"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    changed_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(department="department__path", park="park", own="created_by")

    class Meta:
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=["basis", "subject"], name="opportunity_once"),)
        indexes = (
            models.Index(fields=["state", "-worth"], name="opportunity_state"),
            models.Index(fields=["-worth"], name="opportunity_worth"),
            models.Index(fields=["due_on"], name="opportunity_due"),
        )

    def __str__(self) -> str:
        return (self.title_zh if chinese() else self.title_en) or self.title_zh

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state not in (self.State.HANDED_OVER, self.State.DROPPED)


class OpportunityChange(models.Model):
    """One change: of which fields, from what to what. Never changed itself."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="history")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changes = models.JSONField(default=dict)  # field -> [before, after] as a person reads it

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=["opportunity", "version"], name="change_once"),)
