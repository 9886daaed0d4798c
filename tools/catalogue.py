"""Keeps the message catalogue: `update` after a sentence was added, `check`, `compile`.

Everything is done with Babel, so that no GNU gettext is needed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from liantu import i18n

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = i18n.LOCALE_DIR / "liantu.pot"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
HEADER = """\
# Sentences of liantu. Distributed under the same licence, Apache-2.0.
msgid ""
msgstr ""
"Project-Id-Version: liantu\\n"
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Key = tuple[str | None, str]


def extracted(root: Path = ROOT) -> Catalog:
    """Every sentence marked in the source, in the order of files."""
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")
    catalogue = Catalog(fuzzy=False)
    found = extract_from_dir(root, methods, options, KEYWORDS, comment_tags=("Translators:",))
    for name, line, sentence, comments, context in found:
        place = [(Path(name).as_posix(), line)]
        catalogue.add(sentence, locations=place, auto_comments=comments, context=context)
    return catalogue


def keys(catalogue: Catalog) -> dict[Key, Message]:
    """The catalogue by context and singular."""
    by_key = {}
    for message in catalogue:
        if message.id:
            singular = message.id if isinstance(message.id, str) else message.id[0]
            by_key[(message.context, singular)] = message
    return by_key


def findings(found: Catalog, template: Catalog, translations: dict[str, Catalog]) -> Iterator[str]:
    """What is wrong between source, template and translations, a line each."""
    wanted = keys(found)
    if not wanted:
        yield "no sentence was found in the source: are the patterns in babel.cfg right?"
    yield from _differences(wanted, keys(template), TEMPLATE.name)
    for name, catalogue in translations.items():
        translated = keys(catalogue)
        yield from _differences(wanted, translated, name)
        for key in wanted.keys() & translated.keys():
            yield from (f"{name}: {text}" for text in _faults(translated[key], catalogue))


def _differences(wanted: Iterable[Key], there: Iterable[Key], name: str) -> Iterator[str]:
    for _, sentence in sorted(set(wanted) - set(there), key=str):
        yield f"{name}: lacks {sentence!r}"
    for _, sentence in sorted(set(there) - set(wanted), key=str):
        yield f"{name}: {sentence!r} is in no source file any more"


def _faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if not all(strings):
        yield f"{message.id!r} is not translated"
        return
    if message.fuzzy:
        yield f"{message.id!r} is marked fuzzy: read its translation and take the mark off"
    for error in message.check(catalogue):
        yield f"{message.id!r}: {error}"


def translations() -> dict[str, Path]:
    """The catalogue file of each language that needs one."""
    return {lang: i18n.source_of(lang) for lang in i18n.LANGUAGES if lang != i18n.EN}


def read(file: Path, language: str | None = None) -> Catalog:
    """The catalogue in a file; an empty one where there is no file yet."""
    locale = language and language.replace("-", "_")
    if not file.exists():
        return Catalog(locale, fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=locale, abort_invalid=True)


def write(file: Path, catalogue: Catalog) -> None:
    """The same catalogue gives the same bytes: no dates, no line numbers, one order."""
    header = HEADER.format(language=catalogue.locale or "en", plural_forms=catalogue.plural_forms)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        stream.write(header.encode())
        write_po(
            stream,
            catalogue,
            width=100,
            omit_header=True,
            sort_by_file=True,
            include_lineno=False,
            ignore_obsolete=True,
        )


def update() -> int:
    """Writes the template and brings each catalogue in line with it; lists what is to translate."""
    found = extracted()
    write(TEMPLATE, found)
    for language, file in translations().items():
        catalogue = read(file, language)
        catalogue.update(found, no_fuzzy_matching=True)
        write(file, catalogue)
        for message in keys(catalogue).values():
            for fault in _faults(message, catalogue):
                print(f"{file.relative_to(ROOT)}: {fault}")
    return 0


def check() -> int:
    """Says what is wrong; 0 where nothing is."""
    catalogues = {str(file.relative_to(ROOT)): read(file, lang) for lang, file in translations().items()}
    found = extracted()
    lines = list(findings(found, read(TEMPLATE), catalogues))
    print("\n".join(lines) if lines else f"{len(keys(found))} sentences, all translated")
    if lines:
        print("`make messages` updates the catalogue; then translate what it lists.")
    return 1 if lines else 0


def compile_all() -> int:
    """Compiles what is not compiled yet."""
    for file in i18n.compile_catalogues():
        print(f"compiled {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    commands = {"update": update, "check": check, "compile": compile_all}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=commands)
    sys.exit(commands[parser.parse_args().command]())
