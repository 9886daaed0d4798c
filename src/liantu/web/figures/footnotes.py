"""Footnotes of a Word document: python-docx and docxtpl know none, so their part is written here.

A note cited again is a NOTEREF field to the first citation's bookmark: Word keeps its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from markupsafe import Markup

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PART = "/word/footnotes.xml"
CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
SEPARATORS = (
    (-1, "separator", "<w:separator/>"),
    (0, "continuationSeparator", "<w:continuationSeparator/>"),
)
STYLES = (
    f'<w:style xmlns:w="{W}" w:type="paragraph" w:styleId="FootnoteText">'
    '<w:name w:val="footnote text"/><w:basedOn w:val="Normal"/><w:uiPriority w:val="99"/>'
    '<w:unhideWhenUsed/><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
    '<w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>',
    f'<w:style xmlns:w="{W}" w:type="character" w:styleId="FootnoteReference">'
    '<w:name w:val="footnote reference"/><w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/>'
    '<w:unhideWhenUsed/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>',
)
RAISED = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'


class Footnotes:
    """The notes of one document, by number from 1. `cite` gives runs for its text, `put_into` stores them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)
        self._numbers: dict[int, int] = {}

    def cite(self, note: int) -> Markup:
        """Runs that cite a note; the number that is printed follows from the order of first citations."""
        again = note in self._numbers
        number = self._numbers.setdefault(note, len(self._numbers) + 1)
        mark = f"_RefFootnote{number}"
        if again:
            field = (
                f'<w:r>{RAISED}<w:fldChar w:fldCharType="begin"/></w:r>'
                f'<w:r>{RAISED}<w:instrText xml:space="preserve"> NOTEREF {mark} \\f \\h </w:instrText></w:r>'
                f'<w:r>{RAISED}<w:fldChar w:fldCharType="separate"/></w:r>'
                f"<w:r>{RAISED}<w:t>{number}</w:t></w:r>"
                f'<w:r>{RAISED}<w:fldChar w:fldCharType="end"/></w:r>'
            )
            return Markup(field)
        run = f'<w:r>{RAISED}<w:footnoteReference w:id="{number}"/></w:r>'
        return Markup(
            f'<w:bookmarkStart w:id="{1000 + number}" w:name="{mark}"/>{run}'
            f'<w:bookmarkEnd w:id="{1000 + number}"/>'
        )

    def runs(self, text: str, notes: Sequence[int]) -> Markup:
        """A text and the notes on it."""
        said = f'<w:r><w:t xml:space="preserve">{_clean(text)}</w:t></w:r>' if text else ""
        return Markup(said) + Markup("").join(
            Markup(f"<w:r>{RAISED}<w:t>,</w:t></w:r>") * (i > 0) + self.cite(note)
            for i, note in enumerate(notes)
        )

    def put_into(self, document: Any) -> None:
        """Store the cited notes in a python-docx document, with the styles and settings that they need."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part
        from docx.oxml import parse_xml

        main = document.part
        for kept in list(main.rels.values()):
            if kept.reltype == RELATIONSHIP_TYPE.FOOTNOTES:  # those of a template: only its separators
                main.rels.pop(kept.rId)
        part = Part(PackURI(PART), CONTENT, self._part(), main.package)
        main.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        there = {style.style_id for style in document.styles}
        for style in map(parse_xml, STYLES):
            if style.styleId not in there:
                document.styles.element.append(style)
        settings = document.settings.element
        if settings.find(f"{{{W}}}footnotePr") is None:
            ids = "".join(f'<w:footnote w:id="{number}"/>' for number, _kind, _mark in SEPARATORS)
            _place(settings, parse_xml(f'<w:footnotePr xmlns:w="{W}">{ids}</w:footnotePr>'))

    def _part(self) -> bytes:
        notes = [
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
            f'w:lineRule="auto"/></w:pPr><w:r>{mark}</w:r></w:p></w:footnote>'
            for number, kind, mark in SEPARATORS
        ]
        for note, number in self._numbers.items():
            notes.append(
                f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
                f"<w:r>{RAISED}<w:footnoteRef/></w:r>"
                f'<w:r><w:t xml:space="preserve"> {_clean(self._texts[note - 1])}</w:t></w:r></w:p>'
                "</w:footnote>"
            )
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        return f'{head}<w:footnotes xmlns:w="{W}">{"".join(notes)}</w:footnotes>'.encode()


AFTER = (
    "endnotePr", "compat", "docVars", "rsids", "mathPr", "attachedSchema", "themeFontLang",
    "clrSchemeMapping", "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures", "forceUpgrade", "captions",
    "readModeInkLockDown", "smartTagType", "schemaLibrary", "shapeDefaults", "doNotEmbedSmartTags",
    "decimalSymbol", "listSeparator",
)  # fmt: skip
"""What the schema of settings wants after `footnotePr`."""


def _place(settings: Any, footnotes: Any) -> None:
    for child in settings:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] in AFTER:
            child.addprevious(footnotes)
            return
    settings.append(footnotes)


def _clean(text: str) -> str:
    """The text as XML, without characters that XML has not."""
    return escape("".join(c for c in text if c >= " " or c in "\t\n"))
