# ruff: noqa: E501 -- tables with Chinese text, whose characters count double
"""What the engine's codes say in English and Chinese: problems of a flow, and refusals of a step."""

from __future__ import annotations

from liantu import messages
from liantu.casework.act import Refusal, RefusalCode
from liantu.casework.flow import Flow, Lang
from liantu.errors import Problem

# code: (en, zh, fix in en, fix in zh). {found} and {expected} are those of the problem.
_PROBLEMS: dict[str, tuple[str, str, str, str]] = {
    "name_missing": ("it has no name in {expected}", "缺少 {expected} 名称", "add {expected}", "补充 {expected}"),
    "name_language": ("'{found}' is Chinese where English is asked for", "英文名称处写了中文“{found}”", "translate it",
                      "改为英文"),
    "unknown_name": ("nothing is called '{found}'", "没有名为“{found}”的对象", "use one of: {expected}",
                     "可用：{expected}"),
    "name_taken": ("every flow has '{found}' already", "“{found}”为每个流程自带", "give it another name", "换一个名称"),
    "bad_value": ("'{found}' can't stand here", "此处不能写“{found}”", "write {expected}", "写作 {expected}"),
    "no_opening": ("no step opens a case", "没有任何步骤可以立案", "add a transition of kind open",
                   "添加 kind 为 open 的步骤"),
    "no_final_state": ("no state is final", "没有终结状态", "mark one with final: true", "为某一状态加上 final: true"),
    "unreachable_state": ("no case can come here", "任何事项都到不了此状态", "add a step that leads here, or remove it",
                          "添加通往此处的步骤，或删除该状态"),
    "no_way_out": ("from here ({found}) no case can come to an end", "在此（{found}）事项无法走到终结",
                   "add a step that leads on", "添加后续步骤"),
    "dead_transition": ("from '{found}' it can never be taken", "从“{found}”永远无法执行",
                        "look at who may take it, its guards, and whether the case can have an owner or a pause there",
                        "检查可执行人、条件，以及该处能否有责任人或暂停"),
    "source_missing": ("it starts from no state", "没有起始状态", "fill in from", "填写 from"),
    "source_wrong": ("a step of this kind can't start from '{found}'", "此类步骤不能从“{found}”开始", "start from {expected}",
                     "起始应为{expected}"),
    "target_missing": ("it leads to no state", "没有目标状态", "fill in to", "填写 to"),
    "target_wrong": ("a step of this kind can't lead to '{found}'", "此类步骤不能到“{found}”", "lead to {expected}",
                     "目标应为{expected}"),
    "nobody_may": ("nobody may take it", "无人可以执行", "fill in who", "填写 who"),
    "only_for_kind": ("only a step of kind {expected} has this", "只有 {expected} 类步骤才有此项", "remove it", "删除"),
    "evidence_twice": ("'{found}' is required and also optional", "“{found}”既必需又可选", "keep it under one of the two",
                       "只保留一处"),
    "guard_params": ("the guard '{found}' is given other parameters than it asks for", "条件“{found}”的参数不符",
                     "give it: {expected}", "应给出：{expected}"),
    "pause_unended": ("paused in '{found}', nothing resumes it", "在“{found}”暂停后无法恢复",
                      "add a step of kind resume that ends it there", "添加能在该处恢复的 resume 步骤"),
    "clock_in_final": ("it would run for ever in the final state '{found}'", "在终结状态“{found}”会永远计时",
                       "take the state out of runs_in", "从 runs_in 中去掉该状态"),
    "clock_never_starts": ("no case comes into a state in which it runs", "任何事项都不会进入其计时状态", "correct runs_in",
                           "改正 runs_in"),
    "base_mixed": ("'{found}' is measured otherwise than the clock's limit", "“{found}”与时钟期限的计量方式不同",
                   "use {expected} units", "使用 {expected} 单位"),
    "amount_wrong": ("{found} is no length of time", "{found} 不是有效时长", "give a whole number from 1",
                     "填写不小于 1 的整数"),
    "levels_order": ("level {found} doesn't come later than the one before it", "第 {found} 级不晚于前一级",
                     "number levels 1, 2, 3 with growing lateness", "各级按 1、2、3 编号，超时依次加长"),
    "level_to_nobody": ("the level reaches nobody", "该级无人收到", "fill in to", "填写 to"),
    "unwatched_state": ("no clock runs here and nothing finds it stalled", "此处无时钟，也不判停滞",
                        "let a clock run here, or give the flow stalled_after", "设置时钟，或为流程设置 stalled_after"),
    "no_hours": ("the flow has no hours of work", "流程没有工作时间", "fill in hours", "填写 hours"),
}  # fmt: skip

PROBLEMS: dict[str, dict[Lang, str]] = {code: {"en": row[0], "zh": row[1]} for code, row in _PROBLEMS.items()}
FIXES: dict[str, dict[Lang, str]] = {code: {"en": row[2], "zh": row[3]} for code, row in _PROBLEMS.items()}

REFUSALS: dict[RefusalCode, dict[Lang, str]] = {
    "wrong_flow": {"en": "The case follows {case_flow}, not {flow}.", "zh": "该事项适用 {case_flow}，而非 {flow}。"},
    "unknown_transition": {"en": "There is no step '{transition}'.", "zh": "没有“{transition}”这一步骤。"},
    "stale_version": {"en": "The case has moved on meanwhile (version {version}, yours {given}). Look at it again.",
                      "zh": "事项已被他人更新（当前第 {version} 版，您所见为第 {given} 版），请重新查看。"},
    "naive_instant": {"en": "The time {at} has no timezone.", "zh": "时间 {at} 缺少时区。"},
    "time_backwards": {"en": "The time {at} lies before the last step ({last}).",
                       "zh": "时间 {at} 早于上一步骤（{last}）。"},
    "not_from_here": {"en": "'{transition}' can't be taken from '{state}'.", "zh": "“{state}”状态下不能“{transition}”。"},
    "paused": {"en": "The case is paused ({pause}); '{transition}' has to wait.",
               "zh": "事项已暂停（{pause}），暂不能“{transition}”。"},
    "not_paused": {"en": "The case is not paused.", "zh": "事项并未暂停。"},
    "other_pause": {"en": "'{transition}' doesn't end the pause '{pause}'.", "zh": "“{transition}”不能结束“{pause}”。"},
    "not_allowed": {"en": "You may not take the step '{transition}' in this case.",
                    "zh": "您无权在该事项中“{transition}”。"},
    "owner_unnamed": {"en": "'{transition}' has to name the new owner.", "zh": "“{transition}”须指定责任人。"},
    "owner_unwanted": {"en": "'{transition}' doesn't name an owner.", "zh": "“{transition}”不能指定责任人。"},
    "reason_missing": {"en": "'{transition}' needs a reason.", "zh": "“{transition}”须填写原因。"},
    "evidence_missing": {"en": "'{transition}' lacks: {evidence}.", "zh": "“{transition}”缺少：{evidence}。"},
    "evidence_unknown": {"en": "'{transition}' doesn't take: {evidence}.", "zh": "“{transition}”不接受：{evidence}。"},
    "evidence_wrong": {"en": "Not usable as evidence: {evidence}.", "zh": "材料不合要求：{evidence}。"},
    "guard": {"en": "A condition of '{transition}' is not met: {guard}.", "zh": "“{transition}”的条件未满足：{guard}。"},
}  # fmt: skip

GUARD_NAMES: dict[str, dict[Lang, str]] = {
    "has_owner": {"en": "the case has an owner", "zh": "事项已有责任人"},
    "has_no_owner": {"en": "the case has no owner", "zh": "事项尚无责任人"},
    "at_least": {"en": "{of} is at least {value}", "zh": "{of}不小于 {value}"},
    "is_true": {"en": "{of} is confirmed", "zh": "{of}已确认"},
    "known": {"en": "{of} is known", "zh": "{of}已知"},
    "within_days": {"en": "within {days} days", "zh": "在 {days} 日之内"},
    "another_person": {"en": "another person than the one before", "zh": "与上一步经办人不同"},
}


def flow_problem(
    code: str, file: str, row: int | None, place: str, found: str = "", expected: str = ""
) -> Problem:
    """A problem of a flow, by a code of this table or of `messages`."""
    if code not in FIXES:
        return messages.problem(code, file, row, place or None, found=found, expected=expected)
    fix = FIXES[code]["en"].format(found=found, expected=expected)
    return Problem(file, row, place or None, code, found, expected, fix)


def problem_sentence(problem: Problem, lang: Lang) -> str:
    """The problem in one line: place, what is wrong, the fix."""
    if problem.code not in PROBLEMS:
        return messages.sentence(problem, lang)
    parts = {"found": problem.found, "expected": problem.expected}
    what, fix = (table[problem.code][lang].format(**parts) for table in (PROBLEMS, FIXES))
    return f"{messages.place(problem, lang)}{what}{'；' if lang == 'zh' else '; '}{fix}"


def refusal_sentence(refusal: Refusal, flow: Flow, lang: Lang) -> str:
    """Why a step was refused, with the names of the flow in place of its ids."""
    params = {name: _named(name, value, flow, lang) for name, value in refusal.params.items()}
    if refusal.code == "guard" and refusal.params["guard"] in GUARD_NAMES:
        params["guard"] = GUARD_NAMES[str(refusal.params["guard"])][lang].format(**params)
    return REFUSALS[refusal.code][lang].format(**params)


def _named(param: str, value: object, flow: Flow, lang: Lang) -> str:
    """The name of what a parameter stands for, the value itself where it stands for itself."""
    if isinstance(value, tuple):
        return ("、" if lang == "zh" else ", ").join(_named(param, part, flow, lang) for part in value)
    word = str(value)
    if param in ("transition", "pause") and word in flow.transitions:
        return flow.transitions[word].names.in_(lang)
    if param == "state" and word in flow.states:
        return flow.states[word].names.in_(lang)
    if param in ("evidence", "of") and word in flow.evidence:
        return flow.evidence[word].names.in_(lang)
    return word
