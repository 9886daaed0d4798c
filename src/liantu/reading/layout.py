"""The page as it is meant to be read: broken lines joined, furniture skipped, every place kept."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from liantu.reading.script import fold

_FURNITURE = re.compile(
    r"^[(\[]?(?:上?接|下转|紧接)第?[\d一二三四五六七八九十]+版.*$|^第[\d一二三四五六七八九十]+版.*$"
    r"|^(?:首页|当前位置|您(?:现在)?的位置|字体|字号|分享到?|责任编辑|责编|编辑|校对|审核|打印|关闭"
    r"|来源|稿源|版权|上一篇|下一篇|浏览次数"
    r"|点击数?|扫一扫|联系我们|网站地图|主办|承办|ICP|Copyright|©)(?:[:>/(\s|©]|$).{0,60}$"
    r"|^原?标题:.*$|^20\d\d年\d{1,2}月\d{1,2}日(?:来源|作者|记者|[\s:]|星期|\d{1,2}:).{0,30}$|^20\d\d年\d{1,2}月\d{1,2}日$|^\d[\d\s/:.-]{7,}(?:来源.*)?$|^\d{4}.{0,24}\d{1,2}:\d{2}.{0,40}$|^(?:https?://|www\.)\S+$"
    r"|^[(\[]?(?:20\d\d年)?(?:总?第[\d一二三四五六七八九十百]+期[、,(]?)+(?:总第?\d+期)?[)\]]?$"
    r"|^-?\s*\d{1,3}\s*-?$|^[….·*=_\-~\s]+$|^.{0,30}ICP备.*$|^.{0,24}(?:资料图|摄影报道|供图|[\s/]摄)\)?$"
)
_SPACE = re.compile(r"\s+")
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|第[一二三四五六七八九十]+[章节条]"
    r"|\d+[、.](?!\d)|[■●◆▲★])"
)
_FRESH = re.compile(
    r"[今去前]年|20\d\d年|截至|截止|日前|近日|本报|记者|据|【|“?十[一二三四五六]五|近年来|过去|[上下]半年|[一二三四前]季度|前三季度|\d{1,2}-?\d*月"
)
_END = "。!?;:…”)》】"
_ASCII_WORD = re.compile(r"[A-Za-z0-9]")


@dataclass
class Layout:
    """`text` is the folded reading text, `offsets[i]` the place of its character i in `original`.

    A newline in `text` ends a paragraph. `repeated` holds the starts of clauses printed a second time.
    """

    original: str
    text: str = ""
    offsets: array[int] = field(default_factory=lambda: array("q"))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of the reading text's [start, end)."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def own(self, start: int, end: int) -> str:
        """The original characters of a place, without the breaks and spaces that reading skips."""
        return "".join(self.original[self.offsets[i]] for i in range(start, end))


def lay_out(original: str) -> Layout:
    """Read the page: lines into paragraphs, spaces dropped save between two Latin words."""
    folded = fold(original)
    layout = Layout(original)
    pieces: list[str] = []
    lines = _lines(folded)
    narrow = _is_narrow([end - start for start, end in lines])
    previous = ""
    gap = False
    for start, end in lines:
        line = folded[start:end]
        if not line or _FURNITURE.match(line):
            gap = True
            continue
        if pieces and not _continues(previous, line, narrow, gap):
            pieces.append("\n")
            layout.offsets.append(start - 1 if start else 0)
        _append(pieces, layout.offsets, folded, start, end)
        previous, gap = line, False
    layout.text = "".join(pieces)
    return layout


def _lines(folded: str) -> list[tuple[int, int]]:
    """Start and end of each line, without the white space around it."""
    lines, at = [], 0
    for line in folded.splitlines(keepends=True):
        bare = line.strip()
        start = at + (line.index(bare) if bare else 0)
        lines.append((start, start + len(bare)))
        at += len(line)
    return lines


def _is_narrow(lengths: list[int]) -> bool:
    """Whether the page is set in a newspaper's narrow columns: most lines short and about equally long."""
    full = [n for n in lengths if n]
    if len(full) < 8:
        return False
    middle = median(full)
    return 8 <= middle <= 45 and sum(1 for n in full if abs(n - middle) <= 2) > 0.6 * len(full)


def _continues(previous: str, line: str, narrow: bool, gap: bool) -> bool:
    """Whether a line goes on with the sentence that the line before it broke off."""
    if not previous or previous[-1] in _END or _HEADING.match(line):
        return False
    if previous[-1] in ",，、(“":
        return True
    if line[0] in ",，、。;)”%":
        return True
    if _HEADING.match(previous) and len(previous) < 30:
        return False
    sentence = any(c in previous for c in ",，、。;")
    if narrow and not gap:
        return True
    if re.search(r"\d\.$", previous) and line[0].isdigit():
        return True
    broken_figure = previous[-1].isdigit() and (line[0].isdigit() or line[0] in "亿万.千百个吨元亩")
    if gap and not broken_figure and not narrow and "。" not in previous[-40:] and _FRESH.match(line):
        return False  # a headline above its text
    return broken_figure or (sentence and len(previous) >= 12) or (len(previous) >= 34 and not gap)


def _append(pieces: list[str], offsets: array[int], folded: str, start: int, end: int) -> None:
    at = start
    for space in _SPACE.finditer(folded, start, end):
        pieces.append(folded[at : space.start()])
        offsets.extend(range(at, space.start()))
        at = space.end()
        if _ASCII_WORD.match(folded[space.start() - 1]) and at < end and _ASCII_WORD.match(folded[at]):
            pieces.append(" ")
            offsets.append(space.start())
    pieces.append(folded[at:end])
    offsets.extend(range(at, end))


_DIGIT = re.compile("[0-9]")
_CLAUSE = re.compile(r"[^,，。;!?\n“”]{8,}")


def repeated_places(text: str) -> list[tuple[int, int]]:
    """Clauses with a figure that stand twice: a pull quote or headline beside the sentence it came from.

    The copy in the shorter paragraph is the repetition; of two equal ones, the second.
    """
    clauses = [m for m in _CLAUSE.finditer(text) if _DIGIT.search(m.group())]
    counts = Counter(m.group() for m in clauses)
    best: dict[str, tuple[int, int]] = {}
    places: list[tuple[int, int]] = []
    for m in clauses:
        if counts[m.group()] < 2:
            continue
        left = text.rfind("\n", max(0, m.start() - 2000), m.start()) + 1
        right = text.find("\n", m.end(), m.end() + 2000)
        size = (right if right >= 0 else m.end() + 2000) - left
        kept = best.get(m.group())
        if kept is None:
            best[m.group()] = (size, m.start())
        elif size > kept[0]:
            places.append((kept[1], kept[1] + len(m.group())))
            best[m.group()] = (size, m.start())
        else:
            places.append((m.start(), m.end()))
    return sorted(places)
