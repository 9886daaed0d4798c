"""Numbers as text: what a plain number looks like, and what is wrong with one that is not."""

from __future__ import annotations

import re
import unicodedata

PLAIN = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
"""A plain number: ASCII digits, a point, an exponent. No separators, no units."""

_PLAIN = re.compile(PLAIN)
_GROUPED = re.compile(r"^[+-]?[0-9]{1,3}([, '’_\u00a0\u202f][0-9]{2,4})+(\.[0-9]+)?$")
_COMMA = re.compile(r"^[+-]?[0-9]+,[0-9]+$")
_DATE = re.compile(
    r"^([0-9]{4}[-/.年][0-9]{1,2}([-/.月][0-9]{1,2}日?)?月?([T ][0-9:.]+)?"
    r"|[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2,4}|[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?|[0-9]{1,2}-[A-Za-z]{3}(-[0-9]{2,4})?)$"
)
_WITH_UNIT = re.compile(
    r"^[¥￥$€约≈<>≤≥~]?\s*([+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)\s*[^\d\s.,].*$|"
    r"^[¥￥$€约≈<>≤≥~]\s*([+-]?[0-9]+\.?[0-9]*)$"
)
_LOOKALIKE = re.compile(r"^[+-]?[0-9OolI.]+$")
"""Letters typed for digits: 1O0, l2."""
_NOT_FINITE = {"nan", "inf", "infinity", "-inf", "+inf", "-infinity", "∞", "-∞"}
_PLACEHOLDERS = {
    "-", "--", "—", "——", "–", "/", "\\", "n/a", "na", "none", "null", "nil", "?", "？", "…", "...", "x",
    "tbd", "无", "暂无", "不详", "未知", "待定",
}  # fmt: skip
ERROR_VALUES = (
    "#REF!",
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#VALUE!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
)


def is_plain(text: str) -> bool:
    """Whether `text` is a plain number, as it may stand in a cell."""
    return _PLAIN.match(text) is not None


def diagnose(text: str) -> tuple[str, str]:
    """(code, expected) for text that stands where a plain finite number should."""
    bare = text.strip()
    if is_plain(bare):
        return ("not_finite", "number") if bare == text else ("stray_space", bare)
    narrow = unicodedata.normalize("NFKC", bare).replace("−", "-").replace("。", ".").strip()
    if bare.lower() in _NOT_FINITE:
        return "not_finite", "number"
    if bare.upper() in ERROR_VALUES:
        return "error_cell", "number"
    if bare.lower() in _PLACEHOLDERS:
        return "placeholder", "blank"
    if is_plain(narrow):
        return "full_width", narrow
    if "，" in bare or "、" in bare:
        joined = narrow.replace(",", "").replace("、", "")
        return "chinese_comma", joined if is_plain(joined) else "number"
    if _DATE.match(narrow):
        return "date_for_number", "number"
    if _GROUPED.match(narrow):
        return "thousands_separator", re.sub(r"[, '’_\u00a0\u202f]", "", narrow)
    if _COMMA.match(narrow):  # 12,5 may be 12.5 or 125
        return "thousands_separator", "number"
    with_unit = _WITH_UNIT.match(narrow)
    if with_unit and not _LOOKALIKE.match(narrow):
        return "unit_in_number", _scaled(with_unit.group(1) or with_unit.group(4), narrow)
    return "text_in_number", "number"


def _scaled(number: str, text: str) -> str:
    """The number that 5万, 3亿 or 30% means; of other units only the number itself is known."""
    tail = text.rpartition(number)[2].strip()
    for mark, factor in (("万", 1e4), ("亿", 1e8), ("千", 1e3), ("%", 0.01)):
        if tail == mark:
            return f"{float(number) * factor:.15g}"
    return number
