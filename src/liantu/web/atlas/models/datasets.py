"""A city's tables, version by version; what becomes one; who vouches for what."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from liantu.web.accounts.models import Department, Enterprise, NamedRow, User
from liantu.web.accounts.scope import ScopedManager


class Dataset(NamedRow):
    """The tables of one city; the atlas shows the current version of the one that was shown last."""

    current = models.ForeignKey(
        "DatasetVersion", models.PROTECT, null=True, blank=True, related_name="current_of"
    )
    shown_at = models.DateTimeField(null=True, db_index=True)


class DatasetVersion(models.Model):
    """One immutable state of the tables: a data package as a ZIP archive, and what it holds.

    `number` counts from 1 in its dataset; `digest` is `Tables.digest`; `sha256` is that of the archive;
    `counts` are rows by table; `changes` rows added, removed and changed by table since the version before;
    `restores` is the older version that a rollback brought back.
    """

    class Origin(models.TextChoices):
        LOAD = "load", _("Loaded from the shell")
        UPLOAD = "upload", _("Uploaded")
        EDIT = "edit", _("Edited")
        ROLLBACK = "rollback", _("Rolled back")

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    package = models.BinaryField()
    sha256 = models.CharField(max_length=64, default="")
    counts = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.LOAD)
    note = models.CharField(max_length=500, blank=True)
    restores = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True)  # None: loaded from the shell
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["dataset", "number"], name="version_once"),)

    def __str__(self) -> str:
        return f"{self.dataset.code} v{self.number}"


class UploadedFile(models.Model):
    """A file as it came, or a copy of it with marks; the same bytes are kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()  # bytes
    content = models.BinaryField()


class StagedUpload(models.Model):
    """A file on its way to a version: checked by a job, then committed or discarded.

    `base` is the version it was compared with. `findings` is zlib JSON (see datasets/findings.py); `package`
    are the tables that were read, blank where an error refuses them; `marked` the file with its problems
    marked; `failure` the code of what broke the check itself.
    """

    class Status(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        REFUSED = "refused", _("Refused")
        READY = "ready", _("Ready to commit")
        COMMITTED = "committed", _("Committed")
        DISCARDED = "discarded", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="uploads")
    base = models.ForeignKey(DatasetVersion, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=100)
    file = models.ForeignKey(UploadedFile, models.PROTECT, related_name="+")
    marked = models.ForeignKey(UploadedFile, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CHECKING)
    job = models.UUIDField(null=True)
    errors = models.PositiveIntegerField(default=0)
    notices = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)  # recipes that do not conserve an element
    findings = models.BinaryField(default=b"")
    package = models.BinaryField(default=b"")
    package_sha256 = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    version = models.ForeignKey(DatasetVersion, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ScopedManager(own="created_by")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name


class EditDraft(models.Model):
    """Edits that one person collects until they become a version; `base` is the version they started from.

    Who may not commit hands the draft in; who may commits it or returns it with a remark.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        HANDED_IN = "handed_in", _("Handed in")
        COMMITTED = "committed", _("Committed")
        DISCARDED = "discarded", _("Discarded")

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="drafts")
    base = models.ForeignKey(DatasetVersion, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    note = models.CharField(max_length=500, blank=True)
    remark = models.CharField(max_length=500, blank=True)  # of who returned it
    version = models.ForeignKey(DatasetVersion, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    handed_in_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ScopedManager(own="created_by")

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["dataset", "created_by"],
                condition=models.Q(status="open"),
                name="one_open_draft",
            ),
        )


class DraftEdit(models.Model):
    """What a draft does to one row. `cells` are the new texts by column; `said` what is said of a field by
    column: source, owner, confirmed. `row_key` are the values of the key, joined by ';'."""

    class Kind(models.TextChoices):
        CHANGE = "change", _("changed")
        ADD = "add", _("added")
        REMOVE = "remove", _("removed")

    draft = models.ForeignKey(EditDraft, models.CASCADE, related_name="edits")
    table = models.CharField(max_length=40)
    row_key = models.CharField(max_length=300)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    cells = models.JSONField(default=dict)
    said = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("table", "row_key")
        constraints = (models.UniqueConstraint(fields=["draft", "table", "row_key"], name="one_edit_a_row"),)


class FieldNote(models.Model):
    """Where one field's figure comes from, who owes it and when it was last confirmed. Never changed: a later
    note counts for more. A blank column speaks of the whole row, a blank key of the whole column; a blank
    source or owner says nothing new."""

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="notes")
    table = models.CharField(max_length=40)
    row_key = models.CharField(max_length=300, blank=True)
    column = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300, blank=True)
    owner_department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    owner_enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["dataset", "table", "row_key"], name="note_of_row"),)


class RefreshInterval(models.Model):
    """After how many days a figure has to be confirmed again; 0: never. Overrides what datasets/refresh.py
    says."""

    table = models.CharField(max_length=40)
    column = models.CharField(max_length=60)
    days = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("table", "column")
        constraints = (models.UniqueConstraint(fields=["table", "column"], name="one_interval"),)
