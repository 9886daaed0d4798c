"""Findings: opened by a new figure, closed with a reason, back only when the figures change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from liantu.web.accounts.models import User
from liantu.web.figures import actions, checking
from liantu.web.figures.models import FindingState
from tests.web.conftest import signed_in
from tests.web.figures.conftest import Enter, seen


def findings() -> Any:
    return FindingState.objects.unscoped(because="a test").filter(present=True)


def test_a_new_figure_is_checked_around_itself_as_all_are_together(enter: Enter) -> None:
    enter("500.0")
    enter("450.0", "2023")
    enter("20", measure="rate", unit="%", basis="on_year")
    enter("600.0", subject="north")
    one_by_one = set(findings().values_list("fingerprint", "check_code"))
    assert {code for _mark, code in one_by_one} == {"growth_level", "part_whole"}
    assert {(f.fingerprint, f.check) for f in checking.check_all()} == one_by_one


def test_a_correction_takes_the_finding_away(enter: Enter, second: User) -> None:
    enter("500.0")
    part = enter("600.0", subject="north")
    assert findings().count() == 1
    actions.correct(part, seen("60.0", subject="north"), why="a digit too many", by=second)
    assert findings().count() == 0


def test_a_closed_finding_stays_closed_until_the_figures_change(
    enter: Enter, force: User, second: User, run_jobs: Callable[[], Any]
) -> None:
    enter("500.0")
    part = enter("600.0", subject="north")
    mark = findings().get().fingerprint
    client = signed_in(force)
    client.post(f"/figures/checks/{mark}/close/", {"reason": " "})
    assert not findings().get().closed
    client.post(f"/figures/checks/{mark}/close/", {"reason": "another scope"})
    client.post("/figures/checks/all/")
    run_jobs()
    assert findings().get().closed
    assert mark not in client.get("/figures/checks/").content.decode()
    assert mark in client.get("/figures/checks/?state=closed").content.decode()
    actions.correct(part, seen("601.0", subject="north"), why="revised", by=second)
    assert not findings().get().closed
    assert findings().get().fingerprint != mark


def test_a_finding_shows_both_figures_and_why(enter: Enter, force: User) -> None:
    enter("500.0", source="Yearbook A")
    enter("530.0", source="Report B")
    mark = findings().get().fingerprint
    page = signed_in(force).get(f"/en/figures/checks/{mark}/").content.decode()
    for word in ("Yearbook A", "Report B", "Likely explanations", "50 billion CNY", "53 billion CNY"):
        assert word in page


def test_only_who_sees_every_figure_sees_the_finding(
    enter: Enter, owner: User, colleague: User, outsider: User
) -> None:
    enter("500.0", by=owner)
    enter("530.0", by=outsider, source="Report")
    mark = findings().get().fingerprint
    assert signed_in(owner).get(f"/figures/checks/{mark}/").status_code == 404
    enter("540.0", by=owner, source="Third")
    own = [m for m in findings().values_list("fingerprint", flat=True)
           if signed_in(colleague).get(f"/figures/checks/{m}/").status_code == 200]  # fmt: skip
    for m in own:
        assert signed_in(outsider).get(f"/figures/checks/{m}/").status_code == 404
        assert signed_in(outsider).post(f"/figures/checks/{m}/close/", {"reason": "x"}).status_code == 404


def test_a_person_who_only_reads_closes_nothing(enter: Enter, db: None) -> None:
    from liantu.web.accounts.permissions import Role
    from tests.web.conftest import person

    enter("500.0")
    enter("530.0", source="Report")
    mark = findings().get().fingerprint
    leader = signed_in(person(Role.LEADER, "reads"))
    assert leader.get(f"/figures/checks/{mark}/").status_code == 200
    assert leader.post(f"/figures/checks/{mark}/close/", {"reason": "x"}).status_code == 403
    assert leader.post("/figures/checks/all/").status_code == 403
