"""Sentences: which language is spoken, and that none is left untranslated."""

from __future__ import annotations

import io
import os
import shutil
import threading
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import catalogue
import template_messages
from liantu import i18n

SENTENCE = "Unknown language “%(found)s”; choose one of: %(expected)s."


class TestWhichLanguage:
    @pytest.mark.parametrize(
        ("option", "environ", "language"),
        [
            ("zh", {"LC_ALL": "en_US.UTF-8"}, "zh-Hans"),
            ("EN", {"LANG": "zh_CN.UTF-8"}, "en"),
            ("zh-Hans", {}, "zh-Hans"),
            (None, {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, "zh-Hans"),
            (None, {"LC_ALL": "", "LC_MESSAGES": "en_GB", "LANG": "zh_CN"}, "en"),
            (None, {"LANG": "zh_TW.Big5"}, "zh-Hans"),
            (None, {"LANG": "C.UTF-8"}, "en"),
            (None, {"LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"}, "en"),
            (None, {"LANG": "de_DE@euro"}, "en"),
            (None, {"LANG": ""}, "zh-Hans"),
            (None, {}, "zh-Hans"),
        ],
    )
    def test_option_then_locale_then_chinese(
        self, option: str | None, environ: dict[str, str], language: str
    ) -> None:
        assert i18n.detect(option, environ) == language

    @pytest.mark.parametrize("tag", ["fr", "klingon", "z", "", "english"])
    def test_an_unknown_one_is_refused_with_the_choices(self, tag: str) -> None:
        with (
            i18n.speaking("en"),
            pytest.raises(i18n.UnknownLanguageError, match="choose one of: zh-Hans, en"),
        ):
            i18n.activate(tag)

    def test_two_threads_may_speak_different_ones(self) -> None:
        heard = []
        with i18n.speaking("en"):
            other = threading.Thread(target=lambda: heard.append(i18n.gettext(SENTENCE)))
            other.start()
            other.join()
            assert i18n.gettext(SENTENCE) == SENTENCE
        assert heard[0].startswith("未知语言")

    def test_english_counts(self) -> None:
        with i18n.speaking("en"):
            assert [i18n.ngettext("one plant", "%(n)s plants", n) for n in (1, 2)] == [
                "one plant",
                "%(n)s plants",
            ]

    def test_a_block_gives_the_language_back(self) -> None:
        before = i18n.current_language()
        with i18n.speaking("en"):
            assert i18n.current_language() == "en"
        assert i18n.current_language() == before


class TestCatalogueLoading:
    @pytest.fixture
    def locale(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A copy of the catalogue, nothing compiled yet."""
        shutil.copytree(i18n.LOCALE_DIR, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
        monkeypatch.setattr(i18n, "LOCALE_DIR", tmp_path / "locale")
        i18n._translations.cache_clear()
        yield i18n.source_of("zh-Hans")
        i18n._translations.cache_clear()

    def test_it_speaks_chinese_when_nothing_is_compiled(self, locale: Path) -> None:
        with i18n.speaking("zh"):
            assert i18n.gettext(SENTENCE).startswith("未知语言")

    def test_it_compiles_what_is_stale_for_both_readers_and_only_that(self, locale: Path) -> None:
        written = i18n.compile_catalogues()
        assert [file.name for file in written] == ["liantu.mo", "django.mo"]
        assert written[0].read_bytes() == written[1].read_bytes()
        assert i18n.compile_catalogues() == []

    def test_it_reads_the_compiled_one_whatever_the_dates(
        self, locale: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for file in i18n.compile_catalogues():
            os.utime(file, (1, 1))
        monkeypatch.setattr(i18n, "_compile", lambda source: pytest.fail("compiled in vain"))
        with i18n.speaking("zh"):
            assert i18n.gettext(SENTENCE).startswith("未知语言")

    def test_a_compiled_one_of_another_source_is_not_used(self, locale: Path) -> None:
        i18n.compile_catalogues()
        locale.write_text(
            locale.read_text(encoding="utf-8").replace("未知语言", "没有语言"), encoding="utf-8"
        )
        with i18n.speaking("zh"):
            assert i18n.gettext(SENTENCE).startswith("没有语言")
        assert len(i18n.compile_catalogues()) == 2

    def test_without_any_it_is_an_error_and_not_english(self, locale: Path) -> None:
        locale.unlink()
        with i18n.speaking("zh"), pytest.raises(i18n.CatalogueError, match=r"liantu\.po"):
            i18n.gettext(SENTENCE)


class TestCatalogue:
    def test_every_sentence_is_translated(self) -> None:
        files = {lang: catalogue.read(file, lang) for lang, file in catalogue.translations().items()}
        found = catalogue.extracted()
        assert list(catalogue.findings(found, catalogue.read(catalogue.TEMPLATE), files)) == []
        assert (None, SENTENCE) in catalogue.keys(found)

    @pytest.mark.parametrize(
        ("translation", "flags", "reason"),
        [
            ("", (), "zh: 'Plan of %(city)s' is not translated"),
            ("%(city)s 的方案", ("fuzzy",), "zh: 'Plan of %(city)s' is marked fuzzy"),
            ("%(town)s 的方案", (), "zh: 'Plan of %(city)s': unknown named placeholder 'town'"),
            (None, (), "zh: lacks 'Plan of %(city)s'"),
        ],
    )
    def test_a_faulty_translation_is_named(
        self, translation: str | None, flags: tuple[str, ...], reason: str
    ) -> None:
        source, target = Catalog(), Catalog("zh_Hans", fuzzy=False)
        source.add("Plan of %(city)s")
        if translation is not None:
            target.add("Plan of %(city)s", translation, flags=flags)
        lines = list(catalogue.findings(source, source, {"zh": target}))
        assert len(lines) == 1
        assert lines[0].startswith(reason)

    def test_a_sentence_that_is_gone_is_named(self) -> None:
        source, old = Catalog(), Catalog()
        source.add("Plan")
        old.add("Plan")
        old.add("Old plan")
        lines = list(catalogue.findings(source, old, {}))
        assert lines == ["liantu.pot: 'Old plan' is in no source file any more"]

    def test_a_source_without_sentences_is_a_finding(self) -> None:
        assert "no sentence was found" in next(catalogue.findings(Catalog(), Catalog(), {}))

    def test_the_same_catalogue_gives_the_same_bytes(self, tmp_path: Path) -> None:
        for name in ("one", "two"):
            catalogue.write(tmp_path / name, catalogue.read(i18n.source_of("zh-Hans"), "zh-Hans"))
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
        assert b"POT-Creation-Date" not in (tmp_path / "one").read_bytes()


TEMPLATE = """{% load i18n %}
<table>
        <td>{% translate "Plan" %} don't "
    {% blocktranslate count n=plants|length trimmed %}
       {{ n }} plant
    {% plural %}
       {{ n }} plants
    {% endblocktranslate %}
  {{ _("Gaps") }} 0777 ( '''
{% comment %}Translators: 工业链{% endcomment %}
{% translate "Chain" context "industry" as name %}
"""


def test_sentences_of_a_template_are_found() -> None:
    found = template_messages.extract(
        io.BytesIO(TEMPLATE.encode()), catalogue.KEYWORDS, ("Translators:",), {}
    )
    assert [(line, sentence, comments) for line, _, sentence, comments in found] == [
        (3, "Plan", []),
        (4, ("%(n)s plant", "%(n)s plants", None), []),
        (9, "Gaps", []),
        (11, ("industry", "Chain"), ["Translators: 工业链"]),
    ]
