"""Chinese numerals to numbers."""

from __future__ import annotations

from decimal import Decimal

_ROWS = ("零〇○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
DIGITS = {c: n for n, row in enumerate(_ROWS) for c in row}
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "廿": 20, "卅": 30}
LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
NUMERALS = "".join(DIGITS) + "".join(SMALL) + "".join(LARGE)


def chinese_number(text: str) -> Decimal | None:
    """The value of a Chinese numeral: 一千二百三十, 三万亿, 二〇二五, 十七点五, 壹佰; None if it is none."""
    whole, point, fraction = text.partition("点")
    if not whole or any(c not in NUMERALS for c in whole) or any(c not in DIGITS for c in fraction):
        return None
    value = _positional(whole) if all(c in DIGITS for c in whole) else _grouped(whole)
    if value is None or (point and not fraction):
        return None
    return Decimal(f"{value}.{''.join(str(DIGITS[c]) for c in fraction)}") if point else Decimal(value)


def _positional(text: str) -> int | None:
    """二〇二五, digit by digit; a single digit is itself."""
    return int("".join(str(DIGITS[c]) for c in text))


def _grouped(text: str) -> int | None:
    """Sections below ten thousand, each multiplied by what follows it: (二千三百)万(五百)."""
    total = section = 0
    digit: int | None = None
    last = 0
    for c in text:
        if c in DIGITS:
            if digit and DIGITS[c]:
                return None  # 二三百 is no number but an estimate
            digit = DIGITS[c]
        elif c in ("廿", "卅"):
            section, digit, last = section + SMALL[c], None, 10
        elif c in SMALL:
            section += (digit if digit is not None else 1) * SMALL[c]
            digit, last = None, SMALL[c]
        else:
            below = section + (digit or 0)
            if total and below == 0:
                total *= LARGE[c]  # 万亿
            elif total and LARGE[c] > last > 9999:
                total = (total + below) * LARGE[c]
            else:
                total += (below or 1) * LARGE[c]
            section, digit, last = 0, None, LARGE[c]
    if digit and text[-2:-1] and text[-2] not in DIGITS and last > 10:
        digit *= last // 10  # 一万五, 三百二
    return total + section + (digit or 0)


def chinese_numeral(number: int) -> str:
    """The numeral of a whole number from 0 to below 10**16, as it is read aloud."""
    if number == 0:
        return "零"
    groups: list[str] = []
    gap = False
    for exponent, name in ((12, "万亿"), (8, "亿"), (4, "万"), (0, "")):
        part, number = divmod(number, 10**exponent)
        if not part:
            gap = bool(groups)
            continue
        if groups and (gap or part < 1000):
            groups.append("零")
        gap = False
        groups.append(_below_ten_thousand(part) + name)
    return "".join(groups)


def _below_ten_thousand(number: int) -> str:
    text, gap = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + "零一二三四五六七八九"[digit] + name
        gap = False
    return text
