"""A first guess at how a sender's table is read, for a person to put right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from liantu.ledger.mapping import LABELS, Mapping

_ROLES = (
    ("indicator", re.compile(r"指标|项目名称|^项目$|indicator", re.I)),
    ("unit", re.compile(r"^(计量)?单位$|^unit", re.I)),
    ("subject", re.compile(r"主体|对象|地区|县区|区县|市州|园区|企业名称|单位名称|subject|region", re.I)),
    ("period", re.compile(r"^(时期|时间|年份|年度|月份|日期|period|year)$", re.I)),
    ("value", re.compile(r"^(数值|数据|数量|指标值|value)$", re.I)),
)
_NUMBER = re.compile(r"^[-+−]?[\d,，]+(\.\d+)?%?$")
_YEAR = re.compile(r"^(19|20)\d\d$")
MOST_HEADER = 5


def guess(cells: Sequence[Sequence[str]], sender: str, subject: str = "") -> Mapping:
    """The mapping that the table's first rows suggest; `subject` is whom it is about if no column says so.

    Rows above the header have one cell; the header ends where numbers begin; a long table names period and
    value among its columns.
    """
    skip = next((i for i, row in enumerate(cells[:50]) if sum(bool(c) for c in row) > 1), 0)
    below = cells[skip + 1 : skip + 1 + MOST_HEADER]
    rows = 1 + next((i for i, row in enumerate(below) if any(map(_counts, row))), 0)
    top = cells[skip : skip + rows]
    width = len(top[0]) if top else 0
    heads = [" / ".join(dict.fromkeys(filter(None, (row[j] for row in top)))) for j in range(width)]
    columns: dict[str, str] = {}
    for role, pattern in _ROLES:
        found = next((h for h in heads if h and h not in columns and pattern.search(h)), None)
        if found is not None:
            columns[found] = role
    long = {"period", "value"} <= set(columns.values())
    if not long:
        columns = {head: role for head, role in columns.items() if role in LABELS}
    constants = {"subject": subject} if subject and "subject" not in columns.values() else {}
    return Mapping(sender, "long" if long else "wide", columns, rows, skip, constants)


def _counts(cell: str) -> bool:
    text = cell.strip()
    return bool(_NUMBER.match(text)) and not _YEAR.match(text)
