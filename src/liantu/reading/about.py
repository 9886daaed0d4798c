"""The place that a document is about."""

from __future__ import annotations

import re
from collections import Counter

from liantu.reading.mentions import Mentions

_LEVEL = re.compile(r"(?:^|(?<=[\n,，。;:、月度年末底-]))[全我](?P<level>[市县区州省])(?![第首各前])")


_SEAT = re.compile(
    r"(?<![一-龥])(?:中共)?([一-龥]{2,3}[市县区州])(?=委|政府|人民政府|统计局|发展|工信|财政局|商务局|文旅局)"
)


def document_subject(text: str, subjects: Mentions) -> str | None:
    """The place that the document is about: the most frequent one of the level that it speaks of.

    The level is that of 全市, 全县 or 全省 where they open a clause; a province without a name is 全省.
    """
    head = max(60, text.find("\n") if text.find("\n") < 120 else 0)
    counts: Counter[str] = Counter()
    for m in subjects.items:
        if m.kind == "place" and m.name[-1] in "市县州区" and len(m.name) > 1:
            counts[m.name] += 4 if m.start < head else 3 if m.start < 120 else 1
    levels = Counter(_LEVEL.findall(text))
    named = Counter(
        {level: max((n for name, n in counts.items() if name[-1] == level), default=0) for level in levels}
    )
    level = max(levels, key=lambda x: (levels[x], named[x]), default="")
    often = levels[level]
    level_name = f"全{level}" if level else None
    provinces = [m for m in subjects.items if m.kind == "place" and m.name[-1] in "省古藏西夏疆"]
    if level == "省" and (often > 1 or not counts or (provinces and provinces[0].start < head)):
        return Counter(m.name for m in provinces).most_common(1)[0][0] if provinces else "全省"
    if not level and counts:
        counts.update({m.name: 4 if m.start < head else 1 for m in provinces})
    same = Counter({name: n for name, n in counts.items() if name[-1] == (level or "市")})
    if same and level:
        counts = same
    elif level and often > 1 and counts:
        return level_name
    for m in subjects.items:
        if m.kind == "place" and not counts:
            counts[m.name] += 1
    if not counts:
        seats = (m for m in _SEAT.findall(text) if not any(c in m for c in "从据由经在向"))
        counts.update(m for m in seats if not level or m[-1] == level)
    if not counts and not level:
        counts.update(m.name for m in subjects.items if m.kind == "firm" and len(m.name) > 3)
    return counts.most_common(1)[0][0] if counts else level_name
