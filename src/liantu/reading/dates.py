"""Words for time: where they stand, and the period each means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from liantu.reading.numerals import chinese_number

_CN = "零一二三四五六七八九"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = (
    rf"(?:(?:19|20)\d\d|[一二][{_CN}]{{3}})(?:年度?)?[-~至到](?:(?:19|20)\d\d|[一二][{_CN}]{{3}})年"
    rf"|(?<![\d.])(?:(?:19|20)\d\d|[一二][{_CN}]{{3}})年(?:度|来)?|今年|去年|前年|明年|上年|当年|"
    rf"本年度?|同年|前一年|上一年"
)
_SUB = (
    rf"上半年|下半年|前三季度|[前首头][一二三四五六七八九十\d]+个?月|前[23]个?季度|[一三]季报|半年报|中报|"
    rf"(?:第)?[一二三四1-4]季度|首季"
    rf"|{_MONTH}月?(?:份)?[-~至到]{_MONTH}月(?:份|底|末)?|"
    rf"{_MONTH}月(?:份?当月|{_CN[0]}?[\d一二三四五六七八九十]{{1,3}}[日号](?:[-~至到](?:{_MONTH}月)?\d{{1,2}}日)?"
    rf"|份|底|末|初|中旬|上旬|下旬)?(?!球|光|亮|票)"
    rf"|全年|年末|年底|年初|岁末"
)
_PLAN = (
    r"[“]?十[一二三四五六]五[”]?(?:规划)?(?:时期|期间|以来|末期?|初期?|收官之?年?|开局之?年?|规划|这?五年)?"
)
_SPAN = (
    r"(?:过去|近|这|前|最近|未来|今后|接下来)?(?:的)?[三四五两十二\d]{1,2}(?:多|余)?年(?:来|间|时间里?|"
    r"内)|(?:过去|近|这|最近|未来|今后)的?[一三四五两十二\d]{1,2}年|近年来?|多年来|(?<![\d十第连续近每])[两三四五六七八九十](?=年(?:累计|年均|新增|共|翻|净增|接近|增长|增加|连|实现|平均))年"
    r"|(?<![\d十第])(?:[两三四五六七八九十]|1?\d)年(?:多|余)?(?:前|之前|以前)"
)
_NOW = r"截至目前|截止目前|目前|如今|眼下|当前|现阶段|日前|近日|本月|当月|上月|本周|上周|当日|当天"
_POINT = (
    r"\d{1,2}[日号](?:上午|下午|晚)?|(?<![\d.:])(?<!调整为|优化为|结构[由从为])(?<!比[由从为])\d{1,2}:\d{2}(?::\d{2})?(?![\d.:])|(?:上午|下午|晚上|"
    r"凌晨)\d{1,2}[时点]\d{0,2}分?|\d{1,2}时\d{1,2}分|\d{1,2}时许|\d{2}世纪(?:\d{2}年代)?|\d{2}年代"
)
TIME = re.compile(
    rf"(?=[0-9十一二三四五六七八九零两“过近这前最未今接的多去明上本同首下第全年岁截目如眼当现日凌晚头中半同])(?:"
    rf"(?P<plan>{_PLAN})|(?P<span>{_SPAN})"
    rf"|(?P<year>{_YEAR})(?:的|以来|,)?(?P<of>{_SUB}|底|末|初)?|(?P<iso>20\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
    rf"|(?P<sub>{_SUB})|(?P<now>{_NOW})|(?P<point>{_POINT}))"
)
_PLANS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026, "十六五": 2031}


@dataclass(frozen=True)
class Moment:
    """A word for time at [start, end): `year` absolute or `shift` from the document's, `sub` inside the year.

    `sub`: '', 'Q1', '01', '01/06' ...; `span`: first and last year; `now`: the document's own date.
    """

    start: int
    end: int
    text: str
    year: int | None = None
    shift: int | None = None
    sub: str = ""
    span: tuple[int, int] | None = None
    years: int = 0
    now: bool = False
    empty: bool = False
    since: bool = False


_TASK_OF = re.compile("(?:总体|年度|预期)?(?:任务|目标|计划|预算|预期)(?!是|为|:)")
_SHIFTS = {"今年": 0, "本年": 0, "本年度": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2}
_BEFORE = {"上年", "前一年", "上一年"}


def find_moments(text: str) -> list[Moment]:
    """All words for time in a folded text, in order."""
    return [_moment(m, text) for m in TIME.finditer(text)]


def _moment(m: re.Match[str], text: str) -> Moment:
    start, end = m.span()
    word = m.group()
    since = "以来" in word or text.startswith("以来", end) or text.startswith("来", end)
    if m["plan"]:
        first = _PLANS["".join(c for c in word[:5] if c in "十一二三四五六")[:3]]
        if "末" in word or "收官" in word:
            return Moment(start, end, word, year=first + 4)
        if "开局" in word:
            return Moment(start, end, word, year=first)
        return Moment(start, end, word, span=(first, first + 4))
    if m["span"] and word.endswith("前"):
        ago = re.search(r"[一三四五六七八九两十\d]{1,2}", word)
        return Moment(start, end, word, shift=-int(_number(ago.group())) if ago else 0)
    if m["span"]:
        count = re.search(r"[一三四五两十二\d]{1,2}", word)
        years = int(_number(count.group())) if count else 0
        return Moment(start, end, word, years=-years if re.search("未来|今后|接下来", word) else years)
    if m["year"]:
        return _year_moment(m, since)
    if m["iso"]:
        year, month, _ = re.split(r"[-/.]", word)
        return Moment(start, end, word, year=int(year), sub=f"{int(month):02d}")
    if m["sub"]:
        return Moment(
            start,
            end,
            word,
            sub=_sub(word),
            since=since,
            empty=word == "年初" or bool(_TASK_OF.match(text, end)),
        )
    if m["now"]:
        return Moment(start, end, word, now=True, empty=word in ("上月", "上周"))
    return Moment(start, end, word, empty=True)


def _year_moment(m: re.Match[str], since: bool) -> Moment:
    word, sub = m["year"], _sub(m["of"] or "")
    start, end = m.span()
    whole = m.group()
    if m["of"] is None and whole[-1] in ",的":
        end, whole = end - 1, whole[:-1]
    span = re.fullmatch(r"(.{4})年?度?[-~至到](.{4})年", word)
    if span:
        return Moment(start, end, whole, span=(_number(span[1]), _number(span[2])))
    if word in _SHIFTS:
        return Moment(start, end, whole, shift=_SHIFTS[word], sub=sub, since=since)
    if word in _BEFORE:
        return Moment(start, end, whole, shift=-1, sub=sub, years=0, empty=True)
    if word in ("当年", "同年"):
        return Moment(start, end, whole, sub=sub)
    return Moment(start, end, whole, year=_number(word[:4]), sub=sub, since=since)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    value = chinese_number(text)
    return int(value) if value is not None else 0


def _sub(word: str) -> str:
    """'上半年' -> '01/06', '一季度' -> 'Q1', '9月底' -> '09'; '' for the whole year and its end."""
    fixed = {"上半年": "01/06", "下半年": "07/12", "前三季度": "01/09", "首季": "Q1", "一季报": "Q1"}
    fixed |= {"三季报": "01/09", "半年报": "01/06", "中报": "01/06"}
    if word in fixed:
        return fixed[word]
    ahead = re.fullmatch(r"[前首头]([^个季月]+)个?(月|季度)", word)
    if ahead:
        last = _number(ahead[1]) * (3 if ahead[2] == "季度" else 1)
        return f"01/{last:02d}" if 1 <= last <= 12 else ""
    quarter = re.fullmatch(r"第?([一二三四1-4])季度", word)
    if quarter:
        return f"Q{_number(quarter[1])}"
    both = re.match(rf"({_MONTH})月?份?[-~至到]({_MONTH})月", word)
    if both:
        first, last = _number(both[1]), _number(both[2])
        return f"{first:02d}/{last:02d}" if first < last else f"{last:02d}"
    month = re.match(rf"({_MONTH})月", word)
    return f"{_number(month[1]):02d}" if month else ""


_DATE = re.compile(r"(20\d\d)\s*[-年/.\s]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")


def document_date(text: str, name: str = "") -> tuple[int, int] | None:
    """Year and month of the document: a date printed in its first lines, else one in its file name."""
    head = text[:400].strip()
    for line in head.splitlines()[:12]:
        found = _DATE.search(line)
        if found and len(line) < 90 and 1 <= int(found[2]) <= 12:
            return int(found[1]), int(found[2])
    found = re.search(r"(20\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?\d\d)?(?!\d)", name)
    if found:
        return int(found[1]), int(found[2])
    year = re.search(r"(?<!\d)(20\d\d)(?!\d)", name)
    if year:
        return int(year[1]), 0
    dateline = re.search(r"(20\d\d)年(\d{1,2})月\d{1,2}日", text[:300])
    if dateline and 1 <= int(dateline[2]) <= 12:
        return int(dateline[1]), int(dateline[2])
    years = [int(m[1]) for m in re.finditer(r"(?<![\d到至])(20\d\d)年(?!到|至|远景)", text)]
    return (max(years), 0) if years else None
