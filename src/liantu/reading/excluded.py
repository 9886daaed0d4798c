"""What is no figure though it has a number: dates, labels, classes, denominators, idioms, road numbers."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Protocol

from liantu.reading.dates import Moment
from liantu.reading.lexicon import Lexicon, Unit

_QUOTED = re.compile(r"“[^”\n,，。!?;]{1,14}”")
_MEASURED = re.compile(r"%|\d(?:\.\d+)?\s*(?:[万亿]+[元吨亩千]|元|吨|亩|公里|倍|个百分点|毫米|万)|百分之")
_MASKS = re.compile(
    r"每(?:\d+|[一二两三四五六七八九十百千万亿]+)[个名万亿千百]?(?:元|人口|人|户|吨|亩|平方|千瓦|"
    r"公里|台|家|位|米|头|立方)?"
    r"|(?<![A-Za-z])[A-Za-z]{1,12}[-.]?\d{1,8}(?:\.\d{1,4})?[A-Za-z]{0,8}(?![\d%])|(?<!\d)\d{1,6}(?:\.\d{1,4})?(?:G|D|K|N\d*|nm制程|Pro|T|S)(?![A-Za-z])"
    r"|(?<!\d)\d{2,3}(?=[国省县]道)|\d{3,4}-\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)|《[^》\n]{1,40}》|\(\d{1,3}\)|\[\d{1,3}\]|"
    r"\d{4}\d*号|〔\d{4}〕\d{0,8}号?"
    r"|(?<!\d)(?:\d{1,6}|[一二两三四五六七八九十]{1,4})(?:\+(?:\d+|[A-ZＮ]|[一二三四五六七八九十]+))+"
    r"|[百千万十]{1,2}亿?(?:元|亩|吨|千瓦|人|家|户|公里)?级|(?<!\d)\d{1,6}[万亿]{0,2}[吨元千瓦亩平方米人]{0,3}级(?!以)"
    r"|(?<!\d)[\d一二三四五六七八九十百]{1,4}[.·]?[\d一二三四五六七八九十]{0,4}(?:事件|运动|惨案|讲话|会议精神)"
    r"|第[一二](?:产业)?[、和]第?[二三](?:产业)?(?:[、和]第?三)?(?:次产业|产业)|零部件|零[的距跑成增排]"
    r"|第[\d一二三四五六七八九十百零]+(?:届|次|批|期|版|章|条|款|项|号|个|座|条|台|家|季|轮|代|阶段"
    r"|产业|方|者|书记|时间|期|层|组|部|集|卷|篇|节|课|站|"
    r"线|车间|分|大|人|口|只|艘|颗|张|份|天|年|月|周|季度|医院|中学|小学|幼儿园|人民|尾矿|冶炼|选矿"
    r"|工程|师|类|种|梯|要|线|批次|届次|手|产|步)"
)


class Masks:
    """Places where no figure is read."""

    def __init__(self, places: list[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(places):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def covers(self, start: int, end: int) -> bool:
        """Whether any character of [start, end) is masked."""
        at = bisect_right(self._starts, end - 1) - 1
        return at >= 0 and self._ends[at] > start


def masked_places(text: str, moments: list[Moment]) -> Masks:
    """Words for time, labels, denominators and short quotations without a measured figure."""
    places = [(m.start, m.end) for m in moments]
    places += [m.span() for m in _MASKS.finditer(text)]
    places += [m.span() for m in _QUOTED.finditer(text) if not _MEASURED.search(m.group())]
    return Masks(places)


_THRESHOLD = re.compile(
    r"(?:及)?(?:以上|以下|级)(?:的)?(?:[^,，。;、\d]{0,6})?(?:项目|企业|村|产业链|产业|集群|单位|"
    r"大户|园区|县|乡镇|游客|固定资产投资|固投)"
)
_LABELS = re.compile(
    r"强|星级|等奖|年代|世纪|维|环路|分钟.{0,3}圈|小时.{0,4}(?:圈|热线|服务|值班|在线|营业|不|自助|"
    r"全天|政务|都)|周年|年行动|年计划|年规划|大会战"
    r"|号(?!\w)|型|版(?!\w)|后(?=[,，的、])|中全会|届|条线"
)


def label_after(text: str, number_end: int, end: int, word: str, kind: str) -> bool:
    """Whether what follows makes a class or a name of it: 500强, 24小时热线, 10亿元以上项目."""
    if _LABELS.match(text, number_end) and word not in ("个", "家"):
        return True
    if kind in ("money", "power", "mass", "energy", "area") and _THRESHOLD.match(text, end):
        return True
    if kind == "voltage" and _VOLTAGE.match(text, end):
        return True
    return (word, text[end : end + 1]) in (("度", "假"), ("度", "角"), ("位", "数"), ("位", "一"))


def above_class(text: str, start: int, end: int, kind: str) -> bool:
    """Whether it is the bound of a class, as in 产值超百亿元企业3家."""
    if kind not in ("money", "power", "mass"):
        return False
    if text[start - 1 : start] == "个" and text.startswith(("台阶", "大关", "元台阶"), end):
        return True
    return bool(re.search("(?:超|过|超过)$", text[max(0, start - 2) : start])) and bool(
        _CLASS.match(text, end)
    )


_CLASS = re.compile(
    r"(?:的)?(?:企业|项目|园区|产业|集群|县|乡镇|村)[^,，。;、\d]{0,4}[\d一二三四五六七八九十]+[家个户条]"
)
_VOLTAGE = re.compile(
    r"(?:及以上|级|双回|特?高压)?(?:变电站|开关站|换流站|线路|输变电|输电|直流|交流|工程|电网)"
)
_CUED = re.compile(
    r"(?:上|超|破|近|过|达|达到|逾|迈上|跨|跨越|跨过|站上|跃上|超过|接近|冲刺|不足|不到|约|突破了?|"
    r"迈过|投资|成本|增收|收入|产值|产能)$"
)


def bare_figure(text: str, start: int, end: int, kind: str) -> bool:
    """Whether a magnitude alone is a figure: 超千万元 is, 万元 in 万元工业增加值 and 千亿级 are not."""
    after = text[end : end + 2]
    if after[:1] == "级" or after[:1] == "计":
        return False
    if kind == "times":
        return text[start - 1 : start] not in ("数", "几")
    before = text[max(0, start - 4) : start]
    if kind == "money" and text[start:end] in ("万元", "亿元"):
        return bool(re.search(r"(?:上|超|破|近|过|逾|突破|超过|接近)$", before)) and not _THRESHOLD.match(
            text, end
        )
    return bool(_CUED.search(before))


class _Numbered(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def infix(self) -> bool: ...
    @property
    def text(self) -> str: ...


_COUNTED = re.compile(
    r"(?:重点|重大|省级|国家级|工业|产业|县级|行政|自然|中心|农业|主要|集中|标准化|智能|数字化|示范"
    r"|百亿|千亿|新|大型|在建|招商)*"
    r"(?:项目|企业|乡镇|县|区|市|村|园区|车间|工厂|基地|国家|省|平台|部门|单位|机组|景区|学校|医院|"
    r"社区|产业园|工业园|街道|台阶|[一二三四五六七八九十百千]+亿元?台阶|安置点|实验室)"
)


def small_count(text: str, raw: _Numbered, end: int, word: str, unit: Unit, lexicon: Lexicon) -> bool:
    """Whether a Chinese numeral with a unit is a figure: 三座电站 is, 三个关键词 is a way of speaking."""
    number = raw.text
    if number[0] == "零":
        return False
    before = text[max(0, raw.start - 3) : raw.start]
    if len(number) == 1 and number in "一二两三四五六七八九" and not raw.infix:
        if unit.kind in ("count", "person"):
            if number in "一二" or before[-1:] in (
                "这",
                "那",
                "哪",
                "第",
                "前",
                "后",
                "每",
                "其",
                "等",
                "头",
            ):
                return False
            if word in lexicon.small:
                return "一" <= text[end : end + 1] <= "龥" or text[end : end + 1] in ",，。、"
            return word == "个" and bool(_COUNTED.match(text, end))
        if unit.kind == "duration":
            return number not in "一" and (unit.name != "year" or before.endswith("连续"))
        if unit.kind in ("money", "mass", "area", "length", "volume", "energy", "power"):
            return number != "一" and len(word) > 1
        return unit.kind in ("times", "points", "percent", "places")
    if number == "十" and unit.kind in ("count", "person") and not raw.infix:
        return word in lexicon.small and word not in ("件", "项", "条")
    return (
        not re.match(r"[一二三四五六七八九]+[一二三四五六七八九]", number)
        or "十" in number
        or len(number) > 3
    )


_TOWNS = frozenset("大小新老本各该此座个多两三四五中型类等级省乡农全强名古水山绿产活幸文现")


def is_walled(text: str, end: int, stops: set[str]) -> bool:
    """盐城市, 诸城市: one character and 城市, which no other word of that form is."""
    start = end - 3
    return (
        text[start + 1 : end] == "城市" and "一" <= text[start] <= "龥" and text[start] not in _TOWNS
        and (start == 0 or text[start - 1] in stops)
    )  # fmt: skip
