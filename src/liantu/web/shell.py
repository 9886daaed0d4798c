"""`python -m liantu.web.shell VERB`: what the shell does to the web's database, as `liantu audit` and
`liantu people` start it."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from liantu import i18n
from liantu.i18n import gettext as _

OK, FINDINGS, BAD_INPUT = 0, 1, 2


def main(args: list[str]) -> int:
    """Do what the verb says; the exit code."""
    options = _parser().parse_args(args)
    i18n.activate(i18n.detect(options.lang))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured, ValidationError
    from django.db import DatabaseError
    from django.utils import translation

    try:
        django.setup()
        with translation.override(i18n.current_language()):
            return int(VERBS[options.verb](options))
    except ValidationError as error:
        _say(" ".join(error.messages))
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        _say(_("The database can't be read (%(reason)s); `liantu serve` makes it.") % {"reason": reason})
    except ImproperlyConfigured as error:
        _say(str(error))
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m liantu.web.shell", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in VERBS:
        verb = verbs.add_parser(name)
        verb.add_argument("--lang", default=None)
        if name == "verify":
            verb.add_argument("--known", default="")
        if name in ("add", "reset"):
            verb.add_argument("login")
        if name == "add":
            for option in ("name", "role", "place"):
                verb.add_argument(f"--{option}", default="")
    return parser


def _verify(options: argparse.Namespace) -> int:
    from django.db import connection

    from liantu.report.terminal import progress
    from liantu.web.audit import chain
    from liantu.web.audit.faults import sentence
    from liantu.web.kit import triggers

    known = _known(options.known)
    with progress(_("Walking the chain")) as moved:
        found = chain.verify(known=known, progress=moved)
    off = triggers.missing(connection)
    if off:
        _say(_("Triggers are missing: %(names)s") % {"names": ", ".join(off)})
    if found.fault is not None:
        print(
            _("Broken after %(n)d whole events: %(fault)s")
            % {"n": found.events, "fault": sentence(found.fault)}
        )
        return FINDINGS
    print(_("Whole: %(n)d events.") % {"n": found.events})
    if found.head:
        mark = {"mark": f"{found.head}:{found.head_mac}"}
        print(_("Keep this mark elsewhere; --known %(mark)s tells later that nothing was cut off.") % mark)
    return FINDINGS if off else OK


def _known(text: str) -> tuple[int, str] | None:
    from django.core.exceptions import ValidationError

    seq, _colon, mac = text.partition(":")
    if not text:
        return None
    if not seq.isdecimal() or len(mac) < 8 or set(mac) - set("0123456789abcdef"):
        raise ValidationError(_("--known: write number:HMAC, as an earlier verification printed it"))
    return int(seq), mac


def _migrated() -> None:
    """The first people are added before anything was served."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _add(options: argparse.Namespace) -> int:
    from django.db import transaction

    from liantu.web.people.actions import people, roles
    from liantu.web.people.forms.admin import PersonForm

    _migrated()
    form = PersonForm({"username": options.login, "name": options.name or options.login})
    if not form.is_valid():
        for field, errors in form.errors.items():
            _say(f"{field}: {' '.join(errors)}")
        return BAD_INPUT
    role, place = _role(options.role, options.place)
    with transaction.atomic():
        user, password = people.add_person(**form.cleaned_data, by=None)
        if role is not None:
            roles.grant(user=user, role=role, place=place, by=None)
    _hand_over(user.username, password)
    return OK


def _role(role: str, code: str) -> tuple[Any, Any]:
    """The role and the place it holds for, by its code. Raises ValidationError."""
    from django.core.exceptions import ValidationError

    from liantu.web.accounts.permissions import REACH, Role
    from liantu.web.people.actions.roles import PLACES

    if not role:
        return None, None
    if role not in set(Role):
        said = {"found": role, "names": ", ".join(Role)}
        raise ValidationError(_("--role: “%(found)s” is none; one of: %(names)s") % said)
    kind = PLACES.get(REACH[Role(role)])
    if kind is None or not code:
        return Role(role), None
    place = kind.objects.filter(code=code).first()
    if place is None:
        near = ", ".join(kind.objects.values_list("code", flat=True)[:20]) or "–"
        raise ValidationError(
            _("--place: no “%(found)s”; there is: %(names)s") % {"found": code, "names": near}
        )
    return Role(role), place


def _list(options: argparse.Namespace) -> int:
    from liantu.web.people.selectors import people

    for user in people().order_by("username"):
        held = ", ".join(f"{m.role}{f' {m.place.code}' if m.place else ''}" for m in user.memberships.all())
        state = "" if user.is_active else _("closed")
        print("\t".join([user.username, user.name, held or "–", state]).rstrip())
    return OK


def _reset(options: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError

    from liantu.web.accounts.models import User
    from liantu.web.people.actions import people, roles

    user = User.objects.filter(username=options.login).first()
    if user is None:
        raise ValidationError(_("Nobody is called “%(login)s”.") % {"login": options.login})
    roles.reset_second_factor(user=user, by=None)
    roles.unlock(login=user.username, by=None)
    _hand_over(user.username, people.reset_password(user=user, by=None))
    return OK


def _hand_over(login: str, password: str) -> None:
    print(f"{login}\t{password}")
    _say(_("Hand the password over in person; it has to be changed at the first login."))


def _say(line: str) -> None:
    print(line, file=sys.stderr)


VERBS = {"verify": _verify, "add": _add, "list": _list, "reset": _reset}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
