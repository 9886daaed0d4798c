"""One character to one character: traditional to simplified, full width to half, so that offsets stay."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

_MARKS = {
    "％": "%", "﹪": "%", "：": ":", "∶": ":", "︰": ":", "﹕": ":", "；": ";", "！": "!", "？": "?",
    "（": "(", "）": ")", "〔": "(", "〕": ")", "﹙": "(", "﹚": ")",
    "「": "“", "」": "”", "『": "“", "』": "”",
    "﹁": "“", "﹂": "”", "—": "-", "–": "-", "―": "-", "‐": "-", "‑": "-", "−": "-", "－": "-", "─": "-",
    "～": "~", "〜": "~", "∼": "~", "﹣": "-", "〇": "零", "○": "零", "·": "·", "•": "·", "‧": "·", "＋": "+",
    "﹢": "+", "｡": "。", "﹒": ".", "．": ".", "﹐": "，", "‰": "‰", "‘": "“", "’": "”", "\u3000": " ",
    "\xa0": " ", "\t": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\ufeff": " ", "\u200b": " ",
}  # fmt: skip


@lru_cache(maxsize=1)
def traditional() -> dict[int, int]:
    """Code point of a traditional character -> that of its simplified form."""
    text = resources.files("liantu.reading").joinpath("lexicon", "traditional.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pairs = (zip(old, new, strict=True) for old, new in zip(lines[::2], lines[1::2], strict=True))
    return {ord(old): ord(new) for pair in pairs for old, new in pair}


@lru_cache(maxsize=1)
def _folding() -> dict[int, int]:
    table = traditional() | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    table |= {ord(old): ord(new) for old, new in _MARKS.items()}
    table[ord("，")] = ord("，")  # a full-width comma never parts thousands
    for kept in "著乾於藉瞭":  # traditional only in some uses
        table.pop(ord(kept), None)
    table[ord("於")] = ord("于")
    return table


def simplify(text: str) -> str:
    """Traditional characters to simplified ones; everything else as it is; the length stays."""
    return text.translate(traditional())


def fold(text: str) -> str:
    """The form that the reader compares: simplified, half width, one kind of quotes and dashes."""
    return text.translate(_folding())
