"""Figures that a person may see, and what lists of them can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liantu.ledger.decisions import LEVELS
from liantu.ledger.sentences import check_name
from liantu.web.accounts.models import User
from liantu.web.accounts.permissions import Permission
from liantu.web.figures import catalogue
from liantu.web.figures.models import (
    Document,
    FindingRow,
    FindingState,
    Level,
    ObservationRow,
    ProposedFigure,
    SenderMapping,
    StagedTable,
)
from liantu.web.figures.shown import MEASURES, STATUSES, indicator_name, subject_name
from liantu.web.kit.naming import chinese
from liantu.web.kit.pages import Columns, DayFilter, Filter, Options

READ, ENTER = Permission.FIGURES_READ, Permission.FIGURES_ENTER
CHECK, RELEASE = Permission.FIGURES_CHECK, Permission.FIGURES_RELEASE
assert tuple(Level.values) == LEVELS


def visible(user: User, permission: Permission = READ) -> Any:
    """Figures in the person's scope; to read, also released ones and what they entered themselves."""
    also = Q(standing__level=Level.RELEASED) | Q(entered_by=user) if permission is READ else None
    return ObservationRow.objects.visible_to(user, permission, also=also)


def listed(user: User) -> Any:
    """The same with what a row of a list shows."""
    return visible(user).select_related("standing", "document")


def own(user: User) -> Any:
    """Figures that the person may correct: those in the scope in which they enter, and their own."""
    return ObservationRow.objects.visible_to(user, ENTER, also=Q(entered_by=user))


def columns(user: User) -> Columns:
    """What the list of figures can be asked."""
    return Columns(
        sorts={
            "entered": ("number",), "period": ("end", "start"), "subject": ("subject",),
            "indicator": ("indicator", "end"), "value": ("amount",),
        },
        default="-entered",
        search=("subject", "indicator", "source"),
        filters=(
            Filter("subject", _("Subject"), lambda: subjects_of(user)),
            Filter("indicator", _("Indicator"), lambda: indicators_of(user)),
            Filter("measure", _("Measure"), list(MEASURES.items())),
            Filter("status", _("Status"), list(STATUSES.items())),
            Filter("level", _("Approval"), Level.choices, "standing__level"),
            Filter("force", _("In force"), (("1", _("in force")), ("0", _("corrected, set aside"))), _force),
            DayFilter("from", _("Period from"), how="end__gte"),
            DayFilter("to", _("Period up to"), how="end__lte"),
        ),
        hint=_("subject, indicator, source"),
    )  # fmt: skip


def _force(rows: Any, value: str) -> Any:
    return rows.filter(standing__in_force=value == "1")


def subjects_of(user: User) -> Options:
    """Subjects of which there are figures, by name."""
    known = catalogue.current()
    codes = visible(user).order_by().values_list("subject", flat=True).distinct()[:1000]
    return sorted(((c, str(subject_name(c, known))) for c in codes), key=lambda o: o[1])


def indicators_of(user: User, subject: str = "") -> Options:
    """Indicators of which there are figures, by name."""
    known, rows = catalogue.current(), visible(user)
    if subject:
        rows = rows.filter(subject=subject)
    codes = rows.order_by().values_list("indicator", flat=True).distinct()[:2000]
    return sorted(((c, str(indicator_name(c, known))) for c in codes), key=lambda o: o[1])


def series_rows(user: User, subject: str, indicator: str) -> Any:
    """Every figure of a series that the person may see, with those that count as it, in order of time."""
    known = catalogue.current()
    main = known.series(subject, indicator)[0]
    wanted = Q(subject=main[0], indicator=main[1]) | Q(subject=subject, indicator=indicator)
    for of, (to, _strict) in known.same_as.items():
        if to == main:
            wanted |= Q(subject=of[0], indicator=of[1])
    rows = listed(user).filter(wanted).select_related("entered_by", "corrects")
    return rows.order_by("end", "start", "number")


def findings(user: User) -> Any:
    """Findings of which the person may see every figure."""
    mine = ObservationRow.objects.visible_to(
        user, READ, also=Q(standing__level=Level.RELEASED) | Q(entered_by=user)
    ).filter(pk=OuterRef("observation"))
    unseen = FindingRow.objects.filter(finding=OuterRef("pk")).exclude(Exists(mine))
    return FindingState.objects.visible_to(user, READ, also=~Exists(unseen))


def closable(user: User) -> Any:
    """Findings that the person may close: they check every figure of it."""
    mine = ObservationRow.objects.visible_to(user, CHECK).filter(pk=OuterRef("observation"))
    others = FindingRow.objects.filter(finding=OuterRef("pk")).exclude(Exists(mine))
    return FindingState.objects.visible_to(user, CHECK, also=~Exists(others)).filter(present=True)


def finding_columns() -> Columns:
    """What the list of findings can be asked."""
    lang: Any = "zh" if chinese() else "en"
    codes = FindingState.objects.unscoped(because="which checks there are").order_by()
    return Columns(
        sorts={"severity": ("grave", "check_code"), "check": ("check_code",), "found": ("found_at",)},
        default="severity",
        filters=(
            Filter("severity", _("Severity"), FindingState.Severity.choices),
            Filter("check", _("Check"), lambda: [
                (c, check_name(c, lang)) for c in codes.values_list("check_code", flat=True).distinct()
            ], "check_code"),
            Filter("state", _("State"), (("all", _("all")), ("closed", pgettext_lazy("finding", "closed")),
                   ("gone", _("no longer found"))), _finding_state, every=_("not closed")),
            Filter("subject", _("Subject"), _finding_subjects, _by_subject),
        ),
    )  # fmt: skip


def _finding_subjects() -> Options:
    known = catalogue.current()
    codes = FindingRow.objects.order_by().values_list("observation__subject", flat=True).distinct()[:500]
    named = ((c, str(subject_name(c, known))) for c in codes if c in known.subjects)
    return sorted(named, key=lambda o: o[1])


def _by_subject(rows: Any, value: str) -> Any:
    found = FindingRow.objects.filter(finding=OuterRef("pk"), observation__subject=value)
    return rows.filter(Exists(found))


def _finding_state(rows: Any, value: str) -> Any:
    if value == "all":
        return rows
    return rows.filter(present=False) if value == "gone" else rows.filter(present=True, closed=True)


def open_findings(user: User) -> Any:
    """Findings that nobody has closed."""
    return findings(user).filter(present=True, closed=False)


def findings_on(user: User, rows: Sequence[Any]) -> Any:
    """Open findings on some figures."""
    touched = FindingRow.objects.filter(finding=OuterRef("pk"), observation__in=list(rows))
    return open_findings(user).filter(Exists(touched))


def documents(user: User, permission: Permission = READ) -> Any:
    """Documents in the person's scope, and their own."""
    return Document.objects.visible_to(user, permission, also=Q(uploaded_by=user))


def document_columns() -> Columns:
    """What the list of documents can be asked."""
    return Columns(
        sorts={"brought": ("uploaded_at",), "name": ("name",), "date": ("dated",), "sender": ("sender",)},
        default="-brought",
        search=("name", "sender"),
        filters=(Filter("status", _("State"), Document.Status.choices),),
        hint=_("name, sender"),
    )


def proposals(document: Document) -> Any:
    """What the reader proposes of a document."""
    return ProposedFigure.objects.filter(document=document)


def mappings(user: User) -> Any:
    """Remembered mappings that the person may use."""
    return SenderMapping.objects.visible_to(user, ENTER, also=Q(changed_by=user))


def staged(user: User) -> Any:
    """Tables that the person has under way."""
    return StagedTable.objects.visible_to(user, ENTER, also=Q(uploaded_by=user))


def waiting_for(user: User) -> Any:
    """Figures that the person may check or release and did not enter, the oldest first."""
    found = Q(pk__in=())
    if user.may(CHECK):
        found |= Q(pk__in=visible(user, CHECK).filter(standing__level=Level.ENTERED).values("pk"))
    if user.may(RELEASE):
        found |= Q(pk__in=visible(user, RELEASE).filter(standing__level=Level.CHECKED).values("pk"))
    rows = listed(user).filter(found, standing__in_force=True, entered_by__isnull=False)
    return rows.exclude(entered_by=user).exclude(approvals__by=user).order_by("number")
