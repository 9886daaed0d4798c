"""A month's briefing: what it says is fixed when it is made; Word and PDF are drawn from that."""

from __future__ import annotations

import io
import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liantu.errors import LiantuError
from liantu.ledger.derive import growth_on_year
from liantu.ledger.sentences import check_name
from liantu.web.accounts.models import User
from liantu.web.audit.actions import record
from liantu.web.figures import catalogue, selectors
from liantu.web.figures.boards import latest_of
from liantu.web.figures.footnotes import Footnotes
from liantu.web.figures.models import Briefing
from liantu.web.figures.rows import observation_of
from liantu.web.figures.shown import Shown, indicator_name, shown, subject_name
from liantu.web.kit.naming import chinese

FOLDER = Path(__file__).parent / "briefing_files"
FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc"),
)
"""Where distributions put the font that PDFs are set in; LIANTU_CJK_FONT names another file."""
Series = tuple[str, str]
MOST = 40


class NoFontError(LiantuError):
    """No Chinese font is there, without which a PDF would have empty boxes."""

    code = "no_chinese_font"


@dataclass(frozen=True)
class _Entry:
    """A series in the briefing: its figures, the latest up to the month's end."""

    name: str
    level: Shown | None
    rate: Shown | None
    derived: float | None
    target: Shown | None
    base: Shown | None = None


def make(month: date, series: Sequence[Series], *, title: str, by: User) -> Briefing:
    """Put a briefing together of what is in force now."""
    content = compose(month, series[:MOST], by)
    with transaction.atomic():
        made: Briefing = Briefing.objects.unscoped(because="a new one").create(
            month=month, language="zh" if chinese() else "en", title=title, content=content, made_by=by,
            made_at=timezone.now(),
        )  # fmt: skip
        record(
            "figures.briefing", by=by, kind="briefing", object=made.pk, detail={"rows": len(content["rows"])}
        )
    return made


def compose(month: date, series: Sequence[Series], user: User) -> dict[str, Any]:
    """What a briefing says: rows with the numbers of their sources, sources, warnings."""
    end = date(month.year, month.month, monthrange(month.year, month.month)[1])
    known = catalogue.current()
    rows: list[dict[str, Any]] = []
    sources: dict[str, int] = {}
    used: list[Any] = []
    for subject, indicator in series:
        entry = _entry(subject, indicator, end, user, known)
        used += [one.id for one in (entry.level, entry.rate, entry.target) if one is not None]
        said = {
            "value": _source(entry.level), "growth": _source(entry.rate) or _derived_from(entry),
            "target": _source(entry.target),
        }  # fmt: skip
        cites = {k: [sources.setdefault(s, len(sources) + 1)] for k, s in said.items() if s}
        rows.append({
            "name": entry.name, "period": entry.level.period if entry.level else "",
            "value": _value(entry.level), "growth": _growth(entry), "target": _value(entry.target),
            "cites": cites,
        })  # fmt: skip
    warnings, cited = _warnings(used, user, known, sources)
    told = [[n, text] for text, n in sources.items()]
    return {"rows": rows, "sources": told, "warnings": warnings, "warning_cites": cited}


def _warnings(
    used: Sequence[Any], user: User, known: Any, sources: dict[str, int]
) -> tuple[list[str], list[list[int]]]:
    """Open findings on the figures, and the numbers of the sources of what they hold against each other."""
    lang: Any = "zh" if chinese() else "en"
    texts, cited = [], []
    found = selectors.findings_on(user, used).prefetch_related(
        "rows__observation__standing", "rows__observation__document"
    )
    for f in found[:50]:
        rows = [shown(r.observation, known) for r in f.rows.all()]
        texts.append(f"{check_name(f.check_code, lang)}: " + "; ".join(one.whole for one in rows))
        marks = [sources.setdefault(_source(one), len(sources) + 1) for one in rows]
        cited.append(sorted(set(marks)))
    return texts, cited


def _entry(subject: str, indicator: str, end: date, user: User, known: Any) -> _Entry:
    rows = selectors.series_rows(user, subject, indicator).filter(standing__in_force=True, end__lte=end)
    found = list(rows.reverse()[:300])
    levels = [r for r in found if r.measure == "level" and r.status == "actual"]
    level = latest_of(levels)
    same = [r for r in found if level is not None and (r.start, r.end) == (level.start, level.end)]
    rate = next(
        (r for r in same if r.measure == "rate" and r.basis == "on_year" and r.status == "actual"), None
    )
    goals = selectors.series_rows(user, subject, indicator).filter(standing__in_force=True, status="target")
    target = goals.filter(measure="level", end__year=end.year).last()
    derived = base = None
    if level is not None and rate is None:
        for d in growth_on_year([observation_of(r) for r in levels], known):
            if d.rows[1].id == str(level.pk):
                derived, base = d.middle, next(r for r in levels if str(r.pk) == d.rows[0].id)
    name = f"{subject_name(subject, known)} · {indicator_name(indicator, known)}"
    said = [shown(r, known) if r is not None else None for r in (level, rate, target, base)]
    return _Entry(name, said[0], said[1], derived, said[2], said[3])


def _value(one: Shown | None) -> str:
    return "" if one is None else f"{one.qualifier} {one.value}".strip()


def _growth(entry: _Entry) -> str:
    if entry.rate is not None:
        return _value(entry.rate)
    return "" if entry.derived is None else _("%(n).1f%% (derived)") % {"n": entry.derived}


def _source(one: Shown | None) -> str:
    if one is None:
        return ""
    dated = one.source_date.isoformat() if one.source_date else _("no date")
    place = f", {one.row.place}" if one.row.place and one.row.document_id is None else ""
    level = "" if one.level == "released" else f" ({one.level_name})"
    return f"{one.source or _('no source')}, {dated}{place}{level}"


def _derived_from(entry: _Entry) -> str:
    if entry.derived is None or entry.base is None or entry.level is None:
        return ""
    said = {"base": _value(entry.base), "before": entry.base.period, "base_source": _source(entry.base)}
    said |= {"end": _value(entry.level), "end_source": _source(entry.level)}
    return _("derived from %(base)s in %(before)s (%(base_source)s) and %(end)s (%(end_source)s)") % said


def _cites(row: dict[str, Any], name: str) -> list[int]:
    """The notes on a figure; a briefing made before each had its own tells those of its row."""
    if "cites" not in row:
        return list(row.get("notes", ())) if name == "value" else []
    return list(row["cites"].get(name, ()))


def words(of: Briefing) -> dict[str, Any]:
    """Everything that a template prints, as text."""
    marked = [
        {**r, "marks": {name: _cites(r, name) for name in ("value", "growth", "target")}}
        for r in of.content["rows"]
    ]
    cited = of.content.get("warning_cites") or [[] for _w in of.content["warnings"]]
    warned = [{"text": w, "marks": c} for w, c in zip(of.content["warnings"], cited, strict=True)]
    return {
        "title": of.title, "lang": of.language, "month": of.month.strftime("%Y-%m"), **of.content,
        "rows": marked, "warned": warned,
        "made": _("Made on %(day)s by %(who)s") % {"day": timezone.localtime(of.made_at).strftime("%Y-%m-%d"),
                                                    "who": of.made_by},
        "heads": [
            _("Indicator"), _("Period"), pgettext("figure", "Value"), _("Growth on the year"), _("Target"),
        ],
        "sources_title": _("Sources"), "warnings_title": _("Open findings on these figures"),
        "warnings_note": _("These figures contradict others; look at them before you use them."),
    }  # fmt: skip


def as_word(of: Briefing) -> bytes:
    """The briefing as .docx, out of our template; the source of each figure is a footnote."""
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]

    said = words(of)
    notes = Footnotes([text for _n, text in said["sources"]])
    for row in said["rows"]:
        for name, marks in row["marks"].items():
            row[f"{name}_runs"] = notes.runs(row[name] or "–", marks)
    for one in said["warned"]:
        one["runs"] = notes.runs(one["text"], one["marks"])
    template = DocxTemplate(FOLDER / "briefing.docx")
    template.render(said, autoescape=True)
    notes.put_into(template.docx)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def _told_once(said: dict[str, Any]) -> dict[str, Any]:
    """The words with each mark saying whether it is the first of its note, in the order of the document."""
    seen: set[int] = set()

    def marked(notes: list[int]) -> list[dict[str, Any]]:
        told = [{"note": n, "first": n not in seen} for n in notes]
        seen.update(notes)
        return told

    rows = [{**r, "marks": {name: marked(notes) for name, notes in r["marks"].items()}} for r in said["rows"]]
    return {**said, "rows": rows, "warned": [{**w, "marks": marked(w["marks"])} for w in said["warned"]]}


def font_file() -> Path:
    """The Chinese font. Raises NoFontError."""
    import os

    named = os.environ.get("LIANTU_CJK_FONT")
    found = [Path(named)] if named else list(FONTS)
    for path in found:
        if path.is_file():
            return path
    raise NoFontError(searched=", ".join(map(str, found)))


def as_pdf(of: Briefing) -> bytes:
    """The briefing as PDF. Its text goes in as data, never as markup. Raises NoFontError."""
    import typst

    data = json.dumps(_told_once(words(of)), ensure_ascii=False)
    made: Any = typst.compile(
        str(FOLDER / "briefing.typ"), font_paths=[str(font_file().parent)],
        ignore_system_fonts=True, sys_inputs={"data": data},
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made
