# ruff: noqa: E501 -- tables with Chinese text, whose characters count double
"""What the codes of findings say in English and Chinese: checks, severities, explanations, roles."""

from __future__ import annotations

import re

from liantu.messages import Lang

_CHECKS = {
    "average_growth": ("average growth does not fit its end points", "年均增速与首末值不符"),
    "growth_level": ("growth does not fit the two levels", "增速与两期总量不符"),
    "growth_change": ("increment, growth and level do not fit", "增量、增速与总量不符"),
    "two_values": ("one figure has two values", "同一数据两个值"),
    "part_whole": ("a part is above its whole", "部分大于总体"),
    "parts_sum": ("the parts do not fit their sum", "分项合计与总数不符"),
    "ratio": ("a share does not fit its two figures", "占比与分子分母不符"),
    "identity": ("a derived figure does not fit its formula", "派生指标与公式不符"),
    "identity_growth": (
        "growths of a quotient and its parts do not fit",
        "人均（单位）指标增幅与总量增幅不符",
    ),
    "base_implied": ("two growths imply two bases", "不同增速推出的基数不一致"),
    "year_to_date": ("the year so far does not fit the full year", "年内累计与全年不符"),
    "rank": ("a rank can't be", "位次不可能成立"),
    "whole_count": ("a count is not whole", "计数不是整数"),
    "bounds": ("outside of what it can be", "超出可能范围"),
    "cumulative_falls": ("a cumulative figure falls", "累计数下降"),
    "magnitude": ("unit, magnitude or currency is off", "单位、量级或币种可疑"),
    "target": ("target and actual figure", "目标与实际"),
    "stale": ("the value of another period again", "疑似沿用其他时期的数据"),
    "streak": ("two runs of months can't both be", "连续期数自相矛盾"),
    "span_base": ("a sum over years is compared with one year", "多年合计与单年比较"),
}
_SEVERITIES = {"error": ("error", "矛盾"), "warning": ("warning", "存疑"), "note": ("note", "提示")}
_EXPLANATIONS = {
    "price_basis": ("nominal or real growth is not stated", "未注明现价或可比价"),
    "scope": ("another scope", "统计范围不同"),
    "definition": ("another definition", "指标定义不同"),
    "revision": ("a later revision", "数据后来修订"),
    "later_date": ("another date", "时点不同"),
    "transcription": ("a slip of the pen", "笔误"),
    "unit": ("another unit", "单位有误"),
    "currency": ("another currency", "币种有误"),
    "overlap": ("parts that overlap", "分项有重叠"),
    "period_of_figure": ("the figure is that of the last year", "数据实为末年数"),
    "average": ("an average, no count", "系平均数而非计数"),
    "season": ("seasons", "季节因素"),
    "stale": ("copied from the earlier period", "沿用上期数据"),
    "coincidence": ("coincidence", "巧合"),
}
_ROLES = {
    "base": ("base", "基期"), "rate": ("growth", "增速"), "end": ("end", "末期"), "change": ("increment", "增量"),
    "first": ("first", "前者"), "second": ("second", "后者"), "part": ("part", "部分"), "whole": ("whole", "总体"),
    "share": ("share", "占比"), "result": ("result", "结果"), "above": ("numerator", "分子"), "below": ("denominator", "分母"),
    "year": ("year", "全年"), "narrow": ("in the part", "小范围"), "wide": ("in the whole", "大范围"),
    "count": ("count", "计数"), "value": ("value", "数值"), "usual": ("usual", "通常值"), "yuan": ("yuan", "人民币"),
    "foreign": ("foreign", "外币"), "target": ("target", "目标"), "actual": ("actual", "实际"), "sum": ("sum", "合计"),
    "earlier": ("earlier", "较早"), "later": ("later", "较晚"), "rise": ("rise", "增幅"),
}  # fmt: skip

_PARAMS = {
    "implied": ("growth that the levels imply, %", "由总量推出的增速，%"),
    "steps": ("years of growth", "增长年数"),
    "prices": ("change of prices that would explain it, % a year", "可作解释的价格变动，%/年"),
    "drift": ("change a year that is allowed for, %", "已放宽的年变动，%"),
    "times": ("times the usual value", "相当于通常值的倍数"),
    "years": ("years in the sum", "合计的年数"),
    "base": ("base period", "基期"),
}
_FORMULA = {
    "mean of the other years": "其余年份的平均", "rest of the year a month": "其余月份的月均",
    "year so far a month": "已过月份的月均", "multiple of quotient": "人均（单位）倍数", "multiple of above": "分子倍数",
    "multiple of below": "分母倍数", "sum of parts": "各部分之和", "number ranked": "参评总数", "rank in part": "小范围位次",
    "rank in whole": "大范围位次", "time between": "间隔月数", "base year": "基年", "first_end": "末期一", "second_end": "末期二",
    "first_rate": "增速一", "second_rate": "增速二", "is no rate of exchange": "不等于汇率", "is whole": "为整数",
    "actual reaches target": "实际达到目标", "target is beyond what was reached": "目标高于已达到的水平",
    "rate of exchange": "汇率", "multiple": "倍数", "years": "年数", "change": "增量", "rank": "位次", "low": "下限", "high": "上限",
}  # fmt: skip
_WORD = re.compile("|".join(sorted(map(re.escape, (*_FORMULA, *_ROLES)), key=len, reverse=True)))


def param_name(code: str, lang: Lang) -> str:
    """What a further number of a finding says."""
    return _in(_PARAMS, code, lang)


def formula_text(formula: str, lang: Lang) -> str:
    """The formula in the words of a language; codes of indicators stay."""
    if lang == "en":
        return formula.replace("_", " ") if "_end" in formula else formula
    whole = re.compile(rf"(?<![A-Za-z_])({_WORD.pattern})(?![A-Za-z_])")
    said = whole.sub(lambda m: _FORMULA.get(m[1]) or _in(_ROLES, m[1], lang), formula)
    return said.replace(", or ", "，或 ")


def check_name(code: str, lang: Lang) -> str:
    """What a check says."""
    return _in(_CHECKS, code, lang)


def severity_name(code: str, lang: Lang) -> str:
    """A severity's name."""
    return _in(_SEVERITIES, code, lang)


def explanation_name(code: str, lang: Lang) -> str:
    """What may explain a finding."""
    return _in(_EXPLANATIONS, code, lang)


def role_name(role: str, lang: Lang) -> str:
    """A role's name: 'part_2' is part 2, 'year_base' the base of the year; an indicator stands for itself."""
    if role in _ROLES:
        return _in(_ROLES, role, lang)
    number = re.fullmatch(r"part_(\d+)", role)
    if number:
        return f"{_in(_ROLES, 'part', lang)} {number[1]}"
    head, _, tail = role.partition("_")
    if head in _ROLES and tail in _ROLES:
        of = _in(_ROLES, head, lang), _in(_ROLES, tail, lang)
        return f"{of[0]}: {of[1]}" if lang == "en" else f"{of[0]}（{of[1]}）"
    return role


def _in(table: dict[str, tuple[str, str]], code: str, lang: Lang) -> str:
    names = table.get(code)
    return code if names is None else names[1 if lang == "zh" else 0]


CHECK_CODES = frozenset(_CHECKS)
EXPLANATION_CODES = frozenset(_EXPLANATIONS)
