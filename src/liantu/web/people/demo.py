"""Somebody of each role, for a demonstration on one's own machine."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liantu.web.accounts.models import Department, Enterprise, Park, User
from liantu.web.accounts.permissions import ROLE_NAMES, Role
from liantu.web.audit.actions import record
from liantu.web.people.actions import places, roles

PASSWORD = "liantu-demo"

# code, 中文, English, what it belongs to
DEPARTMENTS = (
    ("jinchang", "金昌市人民政府", "Jinchang municipal government", ""),
    ("industry", "市工业和信息化局", "Industry and information technology bureau", "jinchang"),
    ("chains", "产业链专班办公室", "Office of the chain task forces", "industry"),
    ("investment", "市招商局", "Investment bureau", "jinchang"),
    ("agency", "项目代办服务中心", "Project agency centre", "investment"),
    ("environment", "市生态环境局", "Ecology and environment bureau", "jinchang"),
    ("land", "市自然资源局", "Natural resources bureau", "jinchang"),
)
PARKS = (
    ("jinchang_etdz", "金昌经济技术开发区", "Jinchang Economic and Technological Development Zone"),
    ("hexibao_ip", "河西堡工业园", "Hexibao Industrial Park"),
)
ENTERPRISES = (
    ("detong_guotai", "甘肃德通国钛金属有限公司", "Gansu Detong Guotai Metal"),
    ("jinchuan_group", "金川集团", "Jinchuan Group"),
)


@dataclass(frozen=True)
class Demo:
    """Login, name, role and the code of its place."""

    login: str
    name: str
    role: Role
    place: str = ""


PEOPLE = (
    Demo("leader", "马志远", Role.LEADER),
    Demo("task_force", "王海涛", Role.TASK_FORCE),
    Demo("task_force2", "许文静", Role.TASK_FORCE),  # a figure is entered, checked and released by three
    Demo("task_force3", "高建平", Role.TASK_FORCE),
    Demo("investment", "李雪梅", Role.INVESTMENT),
    Demo("park", "张国强", Role.PARK, "jinchang_etdz"),
    Demo("park2", "祁永福", Role.PARK, "hexibao_ip"),
    Demo("agent", "赵小燕", Role.AGENT, "agency"),
    Demo("department", "陈建军", Role.DEPARTMENT, "environment"),
    Demo("enterprise", "刘德明", Role.ENTERPRISE, "detong_guotai"),
    Demo("enterprise2", "孙丽华", Role.ENTERPRISE, "jinchuan_group"),
    Demo("citizen", "杨秀兰", Role.CITIZEN),
    Demo("supervisor", "何立新", Role.SUPERVISOR),
    Demo("system_admin", "周伟", Role.SYSTEM_ADMIN),
    Demo("security_admin", "吴静", Role.SECURITY_ADMIN),
    Demo("auditor", "郑晓东", Role.AUDITOR),
)


def make_people() -> list[tuple[str, str, str]]:
    """Make them where they are not there yet; role, login and password of each.

    Raises ImproperlyConfigured under any other security profile: everybody knows the password.
    """
    if settings.SECURITY.name != "demo":
        raise ImproperlyConfigured(
            f"LIANTU_DEMO=1 makes people whose password everybody knows; it goes with LIANTU_SECURITY=demo, "
            f"not {settings.SECURITY.name}"
        )
    password = make_password(PASSWORD)
    with transaction.atomic():
        found = _places()
        for person in PEOPLE:
            _make(person, found.get(person.place), password)
    return [(_title(p), p.login, PASSWORD) for p in PEOPLE]


def _title(person: Demo) -> str:
    place = {row[0]: row[1] for row in (*DEPARTMENTS, *PARKS, *ENTERPRISES)}
    named = {"name": person.name, "role": ROLE_NAMES[person.role]}
    text = _("%(role)s %(name)s") % named
    return f"{text} · {place[person.place]}" if person.place else text


def _places() -> dict[str, Department | Park | Enterprise]:
    found: dict[str, Department | Park | Enterprise] = {}
    for code, zh, en, parent in DEPARTMENTS:
        above = found.get(parent)
        made = Department(code=code, name_zh=zh, name_en=en, parent=above)
        found[code] = Department.objects.filter(code=code).first() or _added(made)
    for model, rows in ((Park, PARKS), (Enterprise, ENTERPRISES)):
        for code, zh, en in rows:
            made = model(code=code, name_zh=zh, name_en=en)
            found[code] = model.objects.filter(code=code).first() or _added(made)
    return found


def _added(place: Department | Park | Enterprise) -> Department | Park | Enterprise:
    places.add_place(place=place, by=None)
    return place


def _make(person: Demo, place: Department | Park | Enterprise | None, password: str) -> None:
    if User.objects.filter(username=person.login).exists():
        return
    user = User.objects.create(
        username=person.login,
        name=person.name,
        password=password,
        password_changed_at=timezone.now(),
        demo=True,
    )
    record("person.added", by=None, kind="user", object=user.username, detail={"after": {"name": user.name}})
    roles.grant(user=user, role=person.role, place=place, by=None)
