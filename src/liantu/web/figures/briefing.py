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

from liantu.errors import LiantuError
from liantu.ledger.derive import growth_on_year
from liantu.ledger.sentences import check_name
from liantu.web.accounts.models import User
from liantu.web.audit.actions import record
from liantu.web.figures import catalogue, selectors
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
        marks = []
        for one in (entry.level, entry.rate, entry.target):
            if one is not None:
                used.append(one.id)
                source = _source(one)
                marks.append(sources.setdefault(source, len(sources) + 1))
        rows.append({
            "name": entry.name, "period": entry.level.period if entry.level else "",
            "value": _value(entry.level), "growth": _growth(entry), "target": _value(entry.target),
            "notes": sorted(set(marks)),
        })  # fmt: skip
    lang: Any = "zh" if chinese() else "en"
    found = selectors.findings_on(user, used).prefetch_related("rows__observation__standing")
    warnings = [
        f"{check_name(f.check_code, lang)}: "
        + "; ".join(shown(r.observation, known).whole for r in f.rows.all())
        for f in found[:50]
    ]
    return {"rows": rows, "sources": [[n, text] for text, n in sources.items()], "warnings": warnings}


def _entry(subject: str, indicator: str, end: date, user: User, known: Any) -> _Entry:
    rows = selectors.series_rows(user, subject, indicator).filter(standing__in_force=True, end__lte=end)
    found = list(rows.reverse()[:300])
    levels = [r for r in found if r.measure == "level" and r.status == "actual"]
    level = max(levels, key=lambda r: (r.end, r.start, r.standing.official, r.number), default=None)
    same = [r for r in found if level is not None and (r.start, r.end) == (level.start, level.end)]
    rate = next(
        (r for r in same if r.measure == "rate" and r.basis == "on_year" and r.status == "actual"), None
    )
    goals = selectors.series_rows(user, subject, indicator).filter(standing__in_force=True, status="target")
    target = goals.filter(measure="level", end__year=end.year).last()
    derived = None
    if level is not None and rate is None:
        for d in growth_on_year([observation_of(r) for r in levels], known):
            if d.rows[1].id == str(level.pk):
                derived = d.middle
    name = f"{subject_name(subject, known)} · {indicator_name(indicator, known)}"
    said = [shown(r, known) if r is not None else None for r in (level, rate, target)]
    return _Entry(name, said[0], said[1], derived, said[2])


def _value(one: Shown | None) -> str:
    return "" if one is None else f"{one.qualifier} {one.value}".strip()


def _growth(entry: _Entry) -> str:
    if entry.rate is not None:
        return _value(entry.rate)
    return "" if entry.derived is None else _("%(n).1f%% (derived)") % {"n": entry.derived}


def _source(one: Shown) -> str:
    dated = one.source_date.isoformat() if one.source_date else _("no date")
    place = f", {one.row.place}" if one.row.place and one.row.document_id is None else ""
    level = "" if one.level == "released" else f" ({one.level_name})"
    return f"{one.source or _('no source')}, {dated}{place}{level}"


def words(of: Briefing) -> dict[str, Any]:
    """Everything that a template prints, as text."""
    return {
        "title": of.title, "month": of.month.strftime("%Y-%m"), **of.content,
        "made": _("Made on %(day)s by %(who)s") % {"day": timezone.localtime(of.made_at).strftime("%Y-%m-%d"),
                                                    "who": of.made_by},
        "heads": [_("Indicator"), _("Period"), _("Value"), _("Growth on the year"), _("Target"), _("Source")],
        "sources_title": _("Sources"), "warnings_title": _("Open findings on these figures"),
        "warnings_note": _("These figures contradict others; look at them before you use them."),
    }  # fmt: skip


def as_word(of: Briefing) -> bytes:
    """The briefing as .docx, out of our template."""
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]

    template = DocxTemplate(FOLDER / "briefing.docx")
    template.render(words(of), autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


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

    data = json.dumps(words(of), ensure_ascii=False)
    made: Any = typst.compile(
        str(FOLDER / "briefing.typ"), font_paths=[str(font_file().parent)],
        ignore_system_fonts=True, sys_inputs={"data": data},
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made
