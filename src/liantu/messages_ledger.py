# ruff: noqa: E501 -- a table with Chinese text, whose characters count double
"""The part of `messages` on the ledger of figures: its catalogue, senders' tables and their mappings."""

from __future__ import annotations

# code: (en, zh, fix in en, fix in zh). {found} and {expected} are those of the problem.
LEDGER: dict[str, tuple[str, str, str, str]] = {
    # the ledger itself
    "id_taken": ("the id '{found}' is taken", "编号“{found}”已被占用", "give the figure an id of its own", "换一个编号"),
    "corrects_nothing": ("it corrects '{found}', which is not in the ledger", "要更正的“{found}”不在台账中",
                         "name the figure that it replaces", "指明被更正的数据"),
    "corrected_before": ("'{found}' was corrected before", "“{found}”此前已被更正",
                         "correct the figure that replaced it", "请更正替换后的数据"),
    "decision_without_row": ("the chosen figure '{found}' is not in the ledger", "选定的“{found}”不在台账中",
                             "choose a figure of the ledger", "从台账中选择"),
    "too_many_rows": ("{found} figures at once, more than {expected}", "一次 {found} 个数据，超过 {expected} 个",
                      "split the table", "拆分后分次录入"),
    # files
    "no_mapping": ("how this sender's tables are read is not known", "不知道该报送单位表格的读法",
                   "name the sender's mapping with --mapping", "用 --mapping 指明对应关系文件"),
    "not_facts": ("holds no figures of a reader: {found}", "不是识读结果：{found}", "give what `liantu read --json` prints",
                  "给出 liantu read --json 的输出"),
    "not_a_figure": ("is no figure: {found}", "不能成为数据：{found}", "correct the fact", "改正该条识读结果"),
    "unknown_sheet": ("no sheet is called '{found}'", "没有名为“{found}”的工作表", "name one of: {expected}",
                      "可选：{expected}"),
    "too_large": ("is too large: {found}", "文件过大：{found}", "split the workbook", "拆分工作簿"),
    # cells and headings
    "bad_value": ("'{found}' can't stand here", "此处不能为“{found}”", "write {expected}", "应为：{expected}"),
    "bad_period": ("'{found}' is no period", "“{found}”不是时期", "write it as {expected}",
                   "写作 2025、2025年、2025年1-9月、2025-Q1 或 2021/2025"),
    "heading_unread": ("the heading says something that is not understood: '{found}'", "表头中有无法理解的内容：“{found}”",
                       "write {expected}, or give the column a role in the mapping",
                       "表头写时期、总量、增长、占比、目标和括号内的单位；或在对应关系中说明该列的内容"),
    "unknown_subject": ("the catalogue has no subject '{found}'", "目录中没有统计对象“{found}”",
                        "add it to the words of the mapping, or to the catalogue", "在该单位的用语中注明，或加入目录"),
    "unknown_indicator": ("the catalogue has no indicator '{found}'", "目录中没有指标“{found}”",
                          "add it to the words of the mapping, or to the catalogue", "在该单位的用语中注明，或加入目录"),
    "unknown_unit": ("the unit '{found}' is not known", "单位“{found}”无法识别", "write CNY, t, person, % or the like",
                     "写万元、亿元、吨、人、% 等"),
    "missing_unit": ("no unit is given", "没有单位", "name it in the row, in the heading or as the same everywhere",
                     "在行内、表头或“全表相同”中注明单位"),
    # the catalogue
    "indicator_formula": ("the formula is not understood: {found}", "公式无法理解：{found}",
                          "write indicators with + - * / and brackets", "由指标代码、+ - * / 和括号组成"),
    "unknown_name": ("nothing is called '{found}'", "没有“{found}”", "add it, or correct the name ({expected})",
                     "补充该项，或改正名称"),
    "name_taken": ("one name stands for two things: {found}", "同一名称指两项：{found}",
                   "give it to one of them, or dates that don't overlap", "只留给其中一项，或使有效期不重叠"),
}  # fmt: skip
