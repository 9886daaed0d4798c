"""The system admin's deeds on departments, parks and enterprises."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from liantu.web.accounts.models import Department, Enterprise, Park, User
from liantu.web.audit.actions import difference, record

Place = Department | Park | Enterprise
LONGEST_PATH = 500


def kind(place: Place | type[Place]) -> str:
    """The word of the record: department, park, enterprise."""
    return str(place._meta.model_name)


def add_place(*, place: Place, by: User | None) -> None:
    """Add it; a department stands below its parent. Raises ValidationError."""
    with transaction.atomic():
        if isinstance(place, Department):
            if place.code != place.code.lower():  # SQLite compares the beginnings of paths whatever the case
                raise ValidationError(_("The code of a department has small letters only."))
            _lock_tree()
            place.path = _path(place.code, place.parent)
        place.save(force_insert=True)
        detail = difference({}, _said(place))
        record(f"{kind(place)}.added", by=by, kind=kind(place), object=place.code, detail=detail)


def change_place(*, place: Place, by: User) -> None:
    """Change its names and what else it has; the code stays, for tables refer to it."""
    with transaction.atomic():
        before = type(place).objects.select_for_update(no_key=True).get(pk=place.pk)
        fields = [f for f in _fields(place) if f not in ("code", "parent")]
        detail = difference(_said(before), _said(place))
        if detail["after"]:
            place.save(update_fields=fields)
            record(f"{kind(place)}.changed", by=by, kind=kind(place), object=place.code, detail=detail)


def remove_place(*, place: Place, by: User) -> None:
    """Remove one that nothing refers to. Raises ValidationError."""
    code, said = place.code, _said(place)
    try:
        with transaction.atomic():
            place.delete()
            record(f"{kind(place)}.removed", by=by, kind=kind(place), object=code, detail={"before": said})
    except ProtectedError as error:
        n = len(error.protected_objects)
        said_why = _("It can't be removed: %(n)d records refer to it.") % {"n": n}
        raise ValidationError(said_why) from error


def move_department(*, department: Department, parent: Department | None, by: User) -> None:
    """Hang it, with all below it, under another; its people's scopes move along. Raises ValidationError."""
    with transaction.atomic():
        _lock_tree()
        department.refresh_from_db()
        if parent is not None:
            parent.refresh_from_db()
            if parent.path.startswith(department.path):
                raise ValidationError(_("A department can't stand below itself."))
        old, new = department.path, _path(department.code, parent)
        if old == new:
            return
        below = Department.objects.filter(path__startswith=old)
        longest = max(len(path) for path in below.values_list("path", flat=True))
        if longest - len(old) + len(new) > LONGEST_PATH:
            raise ValidationError(_("The tree would become too deep."))
        below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
        Department.objects.filter(pk=department.pk).update(parent=parent)
        department.refresh_from_db()
        detail = difference({"path": old}, {"path": new})
        record("department.moved", by=by, kind="department", object=department.code, detail=detail)


def _lock_tree() -> None:
    """Two moves at once could hang two departments under each other: they wait at the roots."""
    list(Department.objects.select_for_update().filter(parent=None).order_by("pk").values_list("pk"))


def _path(code: str, parent: Department | None) -> str:
    found = f"{parent.path if parent else '/'}{code}/"
    if len(found) > LONGEST_PATH:
        raise ValidationError(_("The tree would become too deep."))
    return found


def _fields(place: Place) -> list[str]:
    return [f.name for f in place._meta.local_concrete_fields if f.name not in ("id", "path")]


def _said(place: Place) -> dict[str, Any]:
    found = {name: getattr(place, name) for name in _fields(place)}
    return {name: value.code if isinstance(value, Department) else value for name, value in found.items()}
