"""The two languages of every sentence a person reads: 简体中文 and English.

Sentences are written in English in the source, marked `_("...")`, and translated in
`locale/zh_Hans/LC_MESSAGES/liantu.po`. The language belongs to the current context (a command,
a request), so two threads may speak different ones. Nothing falls back to English in silence:
a catalogue that is not compiled is read from its source, and one that is not there is an error.
"""

from __future__ import annotations

import gettext as _gettext
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from hashlib import sha256
from pathlib import Path

ZH = "zh-Hans"
EN = "en"
LANGUAGES = (ZH, EN)
"""The languages there are; the first is the default."""

LOCALE_DIR = Path(__file__).parent / "locale"
DOMAINS = ("liantu", "django")
"""Names under which the one catalogue is compiled: Django looks for its own name only."""


class UnknownLanguageError(ValueError):
    """A language was asked for that liantu does not speak."""

    def __init__(self, found: str) -> None:
        self.found = found
        self.expected = LANGUAGES
        sentence = _("Unknown language “%(found)s”; choose one of: %(expected)s.")
        super().__init__(sentence % {"found": found, "expected": ", ".join(LANGUAGES)})


class CatalogueError(RuntimeError):
    """A catalogue that the package ships with is missing or can't be compiled."""


_language: ContextVar[str] = ContextVar("liantu_language", default=ZH)


def normalise(tag: str) -> str:
    """The language of a tag such as `zh`, `zh_CN.UTF-8`, `zh-Hant`, `EN-us`: one of LANGUAGES.

    Every Chinese tag is served in simplified Chinese, the only Chinese there is.

    Raises UnknownLanguageError for any other language.
    """
    primary = tag.strip().replace("_", "-").split(".")[0].split("@")[0].split("-")[0].lower()
    for language in LANGUAGES:
        if primary == language.split("-")[0]:
            return language
    raise UnknownLanguageError(tag)


def detect(option: str | None = None, environ: Mapping[str, str] | None = None) -> str:
    """The language to speak: the `--lang` option, else the locale, else Chinese.

    Of LC_ALL, LC_MESSAGES and LANG the first that is not empty decides, as POSIX has it.
    `C` and `POSIX` mean English, as in every other program, and so does a locale in a language
    that is neither Chinese nor English. No locale at all means Chinese.

    Raises UnknownLanguageError for an option (never for a locale) that names another language.
    """
    if option:
        return normalise(option)
    environ = os.environ if environ is None else environ
    names = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "")
    if not locale:
        return ZH
    try:
        return normalise(locale)
    except UnknownLanguageError:
        return EN


def activate(language: str) -> None:
    """Speak this language from here on, in the current context."""
    _language.set(normalise(language))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language within a block."""
    token = _language.set(normalise(language))
    try:
        yield
    finally:
        _language.reset(token)


def current_language() -> str:
    """The language spoken now, one of LANGUAGES."""
    return _language.get()


def gettext(message: str) -> str:
    """The sentence in the language spoken now."""
    return _translations(_language.get()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The sentence for n things in the language spoken now."""
    return _translations(_language.get()).ngettext(singular, plural, n)


def gettext_noop(message: str) -> str:
    """Marks a sentence for translation where it is defined; `gettext` it where it is shown."""
    return message


_ = gettext


def source_of(language: str) -> Path:
    """The file that holds the translations into a language other than English."""
    return LOCALE_DIR / language.replace("-", "_") / "LC_MESSAGES" / "liantu.po"


def compile_catalogues() -> list[Path]:
    """Compiles every catalogue that is not compiled, or from another source; the files written.

    Raises CatalogueError where a source is missing or the folder may not be written to.
    """
    written = []
    for source in (source_of(language) for language in LANGUAGES if language != EN):
        stale = [file for file in _compiled(source) if not _is_fresh(file, source)]
        content = _compile(source) if stale else b""
        for file in stale:
            partial = file.with_suffix(f".{os.getpid()}.tmp")
            try:
                partial.write_bytes(content)
                partial.replace(file)
            except OSError as error:
                raise CatalogueError(f"{file} can't be written: {error.strerror}") from error
            written.append(file)
    return written


@cache
def _translations(language: str) -> _gettext.NullTranslations:
    if language == EN:
        return _gettext.NullTranslations()
    source = source_of(language)
    compiled = _compiled(source)[0]
    if _is_fresh(compiled, source):
        return _gettext.GNUTranslations(io.BytesIO(compiled.read_bytes()))
    return _gettext.GNUTranslations(io.BytesIO(_compile(source)))


def _compiled(source: Path) -> list[Path]:
    return [source.with_name(f"{domain}.mo") for domain in DOMAINS]


def _is_fresh(compiled: Path, source: Path) -> bool:
    """Whether the file was compiled from this very source; alone, without a source, it will do."""
    if not compiled.exists():
        return False
    return not source.exists() or compiled.read_bytes().endswith(_seal(source.read_bytes()))


def _seal(source: bytes) -> bytes:
    """Stands behind a compiled catalogue, where gettext does not look, and names its source."""
    return b"\nsource " + sha256(source).hexdigest().encode()


def _compile(source: Path) -> bytes:
    from babel.messages.mofile import write_mo  # 60 ms, and needed only when nothing is compiled
    from babel.messages.pofile import PoFileError, read_po

    content = io.BytesIO()
    try:
        text = source.read_bytes()
        write_mo(content, read_po(io.BytesIO(text), abort_invalid=True))
    except (OSError, PoFileError) as error:
        raise CatalogueError(f"{source} can't be read: {error}") from error
    return content.getvalue() + _seal(text)
