"""The security admin's deeds: roles, second factors, lockouts, sessions."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from liantu.web.accounts import lockout
from liantu.web.accounts.models import Department, Enterprise, Membership, Park, User
from liantu.web.accounts.permissions import ADMIN_DUTIES, REACH, Reach, Role
from liantu.web.audit.actions import record

Place = Department | Park | Enterprise
PLACES: dict[Reach, type[Place]] = {
    Reach.DEPARTMENT: Department,
    Reach.PARK: Park,
    Reach.ENTERPRISE: Enterprise,
}


def grant(*, user: User, role: Role, place: Place | None = None, by: User | None) -> Membership:
    """Give a person a role, at the place that it holds for. Raises ValidationError."""
    if by is not None and by.pk == user.pk:
        raise ValidationError(_("Nobody gives a role to themselves."))
    _check_place(role, place)
    where = {str(REACH[role]): place} if place is not None else {}
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        _keep_duties_apart(user, role)
        if Membership.objects.filter(user=user, role=role, **_nowhere(where)).exists():
            raise ValidationError(_("The person has this role already."))
        try:
            with transaction.atomic():
                made = Membership.objects.create(user=user, role=role, **where)
        except IntegrityError as error:  # the database refuses what got around the question above
            raise ValidationError(_APART()) from error
        record("role.granted", by=by, kind="user", object=user.username, detail={"after": said(made)})
    return made


def _nowhere(where: dict[str, Place]) -> dict[str, Place | None]:
    return {"department": None, "park": None, "enterprise": None} | where


def said(membership: Membership) -> dict[str, str]:
    """A role as the record tells it."""
    place = membership.place
    return {"role": str(membership.role)} | ({"place": place.code} if place else {})


def _check_place(role: Role, place: Place | None) -> None:
    wanted = PLACES.get(REACH[role])
    if wanted is None and place is not None:
        raise ValidationError(_("This role holds for the whole city; it takes no place."))
    if wanted is not None and not isinstance(place, wanted):
        name = {Department: _("a department"), Park: _("a park"), Enterprise: _("an enterprise")}[wanted]
        raise ValidationError(_("This role needs %(place)s.") % {"place": name})


def _APART() -> str:
    return _("System admin, security admin and auditor are three people, each with no other role.")


def _keep_duties_apart(user: User, role: Role) -> None:
    held = {Role(r) for r in user.memberships.values_list("role", flat=True)}
    if held and (role in ADMIN_DUTIES or held & ADMIN_DUTIES) and held != {role}:
        raise ValidationError(_APART())


def revoke(*, membership: Membership, by: User) -> None:
    """Take a role away. Raises ValidationError."""
    user = membership.user
    with transaction.atomic():
        if membership.role == Role.SECURITY_ADMIN:
            keep_a_security_admin(without=user)
        gone, _rows = Membership.objects.filter(pk=membership.pk).delete()
        if not gone:
            raise ValidationError(_("The role was taken away already."))
        record("role.revoked", by=by, kind="user", object=user.username, detail={"before": said(membership)})


def keep_a_security_admin(*, without: User) -> None:
    """Raises ValidationError where nobody else could give roles. Locks who can, so that two can't both go."""
    list(Membership.objects.select_for_update().filter(role=Role.SECURITY_ADMIN).order_by("pk"))
    left = Membership.objects.filter(role=Role.SECURITY_ADMIN, user__is_active=True)
    is_one = left.filter(user=without).exists()
    if is_one and not left.exclude(user=without).exists():
        raise ValidationError(_("The last security admin stays: nobody else could give a role."))


def reset_second_factor(*, user: User, by: User | None) -> None:
    """Forget it, as for a lost phone; every session of the person ends. Raises ValidationError."""
    if by is not None and by.pk == user.pk:
        raise ValidationError(_("Another security admin resets your second factor."))
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
        record("account.second_factor_reset", by=by, kind="user", object=user.username)


def unlock(*, login: str, by: User | None) -> int:
    """Forget the wrong passwords of a login; how many records there were."""
    with transaction.atomic():
        gone = lockout.unlock(login)
        record("account.unlocked", by=by, kind="user", object=login[:150])
    return gone
