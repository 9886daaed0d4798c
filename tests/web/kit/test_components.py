"""Components: what a person and a screen reader find in them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation

from liantu.web.accounts.permissions import Role
from liantu.web.gallery import PARTS, SampleForm
from tests.web.conftest import person, signed_in


def made(code: str, **context: object) -> str:
    with translation.override("en"):
        return Template(code).render(Context(context))


class TestFields:
    def test_a_field_is_described_by_unit_help_and_errors(self) -> None:
        form = SampleForm({"capacity": "much"}, label_suffix="")
        page = made('{% field form.capacity unit="t/y" %}', form=form)
        described = re.search(r'aria-describedby="([^"]+)"', page)
        assert described is not None
        for name in described[1].split():
            assert f'id="{name}"' in page
        assert 'aria-invalid="true"' in page
        assert 'for="id_capacity"' in page

    def test_all_errors_stand_above_and_lead_to_their_fields(self) -> None:
        form = SampleForm({"capacity": "-1", "park": "c"}, label_suffix="")
        page = made("{% error_summary form %}", form=form)
        assert "4 things have to be put right:" in page
        assert set(re.findall(r'href="#(\w+)"', page)) == {"id_name", "id_capacity", "id_park", "id_kinds"}
        assert made("{% error_summary form %}", form=SampleForm()).strip() == ""

    def test_hostile_labels_and_values_stay_text(self) -> None:
        form = SampleForm({"name": '"><script>x</script>'}, label_suffix="")
        assert "<script>" not in made("{% fields form %}{% error_summary form %}", form=form)


class TestStates:
    def test_a_pill_says_its_state_in_words(self) -> None:
        assert made('{% pill text "good" %}', text="<b>") == '<span class="pill pill-good">&lt;b&gt;</span>'
        with pytest.raises(TemplateSyntaxError):
            made('{% pill "x" "purple" %}')

    @pytest.mark.parametrize(
        ("done", "total", "expected"),
        [(7, 30, 'value="7.0"'), (99, 30, 'value="30.0"'), (-1, 5, 'value="0.0"')],
    )
    def test_progress_stays_within_its_ends(self, done: int, total: int, expected: str) -> None:
        assert expected in made("{% progress done total %}", done=done, total=total)

    def test_progress_of_unknown_length_has_no_value(self) -> None:
        assert "value=" not in made("{% progress None None %}")

    def test_a_question_stands_before_the_deed_without_scripts_too(self) -> None:
        page = made('{% confirm "Delete" "Really?" "btn-danger" %}<i>form</i>{% endconfirm %}')
        assert "<details" in page
        assert page.index("Really?") < page.index("<i>form</i>")
        with pytest.raises(TemplateSyntaxError):
            made('{% confirm "Delete" %}{% endconfirm %}')


@pytest.mark.parametrize(
    ("delta", "said"),
    [({"seconds": -5}, "just now"), ({"minutes": -1, "seconds": -30}, "1 minute ago"),
     ({"hours": -5}, "5 hours ago"),
     ({"days": -2}, "2 days ago"), ({"days": 3, "minutes": 1}, "in 3 days"),
     ({"minutes": 10, "seconds": 5}, "in 10 minutes")],
)  # fmt: skip
def test_when_something_was(delta: dict[str, int], said: str) -> None:
    page = made("{{ then|ago }}", then=timezone.now() + timedelta(**delta))
    assert said in page
    assert re.search(r'datetime="\d{4}-\d\d-\d\dT', page)


def test_what_is_not_known_is_a_dash() -> None:
    assert made("{{ x|day }}{{ x|moment }}{{ x|ago }}", x=None) == "–––"


def test_the_gallery_shows_every_component_with_its_code_to_developers_alone(db: None) -> None:
    page = signed_in(person(Role.SYSTEM_ADMIN)).get("/en/gallery/").content.decode()
    for key, _name in PARTS:
        assert f'id="{key}"' in page
    assert "{% error_summary wrong %}" in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    assert signed_in(person(Role.LEADER)).get("/gallery/").status_code == 403


def test_the_menu_holds_what_the_person_may_open_and_nothing_else(db: None) -> None:
    for role in Role:
        browser = signed_in(person(role))
        page = browser.get("/en/account/").content.decode()
        side = page[page.index('<nav class="side"') : page.index("</nav>", page.index('<nav class="side"'))]
        found = {a: browser.get(a).status_code for a in re.findall(r'href="([^"]+)"', side)}
        assert {a: s for a, s in found.items() if s not in (200, 503)} == {}, role
