"""Other readers on the same texts: exact spans, and value and unit where they give them.

`python benchmarks/reading/peers.py` prints a table; `--write` puts it into results.md. The peers are in the
extra `bench` (`pip install liantu[bench]`); one that is missing is said and left out. None of them gives a
period, subject or indicator, so whole rows are compared with naive heuristics of our own.
"""

from __future__ import annotations

import platform
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from annotated import Annotated, Wanted, read_annotated
from score import SETS, alike, checked, speed

from liantu.reading import read_text
from liantu.reading.lexicon import load_lexicon

Found = dict[tuple[int, int], tuple[float, str] | None]
"""Span -> value and unit; None where the reader gives none."""
Reader = Callable[[str], Found]
SIGNED = ("rate", "change")


def ours() -> Reader:
    """liantu."""
    return lambda text: {
        (f.start, f.end): (f.value, f.unit) for f in read_text(text, date="2025-11-07").facts
    }


def recognizers() -> Reader:
    """Microsoft's recognizers for Chinese: currency, dimension, percentage, ordinal, number with unit."""
    from recognizers_number import recognize_ordinal, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension
    from recognizers_text import Culture

    units = {"Chinese yuan": "CNY", "United States dollar": "USD", "Kilowatt": "kW", "Metric ton": "t"}

    def read(text: str) -> Found:
        found: Found = {}
        for recognize in (recognize_ordinal, recognize_dimension, recognize_currency, recognize_percentage):
            for r in recognize(text, Culture.Chinese):
                said = r.resolution or {}
                number = re.fullmatch(r"(-?[\d.]+(?:E\+?\d+)?)(%?)", str(said.get("value")))
                unit = "%" if number and number[2] else units.get(str(said.get("unit")), "")
                found[r.start, r.end + 1] = (float(number[1]), unit) if number and unit else None
        return found

    return read


def jionlp() -> Reader:
    """JioNLP's extractor of money."""
    import jionlp as jio

    units = {"元": "CNY", "美元": "USD", "港元": "HKD"}

    def read(text: str) -> Found:
        found: Found = {}
        for m in jio.ner.extract_money(text, with_parsing=True):
            detail = m.get("detail") or {}
            value, unit = detail.get("num"), units.get(detail.get("case"), "")
            value = value[0] if isinstance(value, list) else value
            found[m["offset"][0], m["offset"][1]] = (float(value), unit) if value and unit else None
        return found

    return read


def tagger() -> Reader:
    """jieba's tagger: a number (m) with the measure words and units that follow it, if it has a digit."""
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    units = set(load_lexicon().units) | {"多", "余", "万", "亿"}

    def read(text: str) -> Found:
        found: Found = {}
        at = start = end = 0
        for word, flag in jieba.posseg.cut(text):
            number = flag == "m" or word.isdigit() or word in (".", "点")
            if number and (end == start or at != end):
                start = end = at
            if end == at and (number or (end > start and (flag == "q" or word in units))):
                end = at + len(word)
            elif end > start:
                _keep(text, start, end, found)
                start = end = 0
            at += len(word)
        if end > start:
            _keep(text, start, end, found)
        return found

    return read


def _keep(text: str, start: int, end: int, found: Found) -> None:
    if re.search(r"[\d一二三四五六七八九十百千万亿]", text[start:end]) and end - start > 1:
        found[start, end] = None


def patterns() -> Reader:
    """A regular expression: figures, magnitude and the units that everybody knows."""
    units = "个百分点|亿元|元|吨|千瓦时|千瓦|亩|公里|人次|人|户|家|个|项|件|倍|%"
    figure = re.compile(rf"(\d[\d,]*(?:\.\d+)?)([万亿]*)(多|余)?({units})")
    names = {"元": "CNY", "吨": "t", "千瓦": "kW", "亩": "mu", "公里": "km", "人次": "person-time",
             "人": "person", "倍": "times", "%": "%", "个百分点": "pp", "千瓦时": "MWh"}  # fmt: skip

    def read(text: str) -> Found:
        found: Found = {}
        for m in figure.finditer(text):
            scale = 10 ** (4 * m[2].count("万") + 8 * m[2].count("亿"))
            value = float(m[1].replace(",", "")) * scale / (1000 if m[4] == "千瓦时" else 1)
            found[m.span()] = (value, names.get(m[4], "count"))
        return found

    return read


PEERS: dict[str, tuple[Callable[[], Reader], tuple[str, ...]]] = {
    "liantu": (ours, ()),
    "liantu, money": (ours, ("CNY", "USD", "HKD")),
    "a regular expression": (patterns, ()),
    "Microsoft recognizers": (recognizers, ()),
    "JioNLP, money": (jionlp, ("CNY", "USD", "HKD")),
    "jieba tags with a digit": (tagger, ()),
}
"""Name -> how to load it, and the units it is judged on (none: all)."""


def f1(texts: list[Annotated], read: Reader, units: tuple[str, ...]) -> tuple[float, float, float]:
    """F1 of spans, F1 of spans with value (its sign aside) and unit, characters a second."""
    hits = right = wanted = found = 0
    start, length = time.process_time(), 0
    for text in texts:
        all_spans = {(w.start, w.end): w for w in text.facts}
        spans = {place: w for place, w in all_spans.items() if not units or w.unit in units}
        result = read(text.text)
        length += len(text.text)
        result = {place: said for place, said in result.items() if place not in all_spans or place in spans}
        if units:  # ours gives all units; the extractors of money only theirs
            result = {p: s for p, s in result.items() if s is None or s[1] in units or p in spans}
        wanted, found = wanted + len(spans), found + len(result)
        for place, w in spans.items():
            hits += place in result
            right += place in result and _same(w, result[place])
    seconds = max(1e-9, time.process_time() - start)
    total = max(1, wanted + found)
    return 2 * hits / total, 2 * right / total, length / seconds


def _same(wanted: Wanted, said: tuple[float, str] | None) -> bool:
    if said is None or said[1] != wanted.unit:
        return False
    return abs(abs(said[0]) - abs(wanted.value)) <= 1e-4 * max(1e-9, abs(wanted.value))


def naive_rows(texts: list[Annotated]) -> float:
    """Rows right by the nearest alias before, the first place of the text, the last year."""
    words = load_lexicon()
    right = total = 0
    for text in texts:
        read = patterns()(text.text)
        place = re.search(r"[一-龥]{2,3}[省市县区州]", text.text)
        for w in text.facts:
            total += 1
            before = text.text[max(0, w.start - 40) : w.start]
            alias = max(
                (a for a in words.indicators if a in before),
                key=lambda a: (before.rfind(a), len(a)),
                default="",
            )
            year = re.findall(r"(20\d\d)年", text.text[: w.start])
            measure = "rate" if w.unit == "%" and re.search("增长|下降", before[-6:]) else "level"
            said = read.get((w.start, w.end))
            right += (
                said is not None and _same(w, said) and measure == w.measure
                and (w.subject == "?" or alike(w.subject, place[0] if place else None, False))
                and (w.indicator == "?" or words.indicators.get(alias) == w.indicator)
                and w.period in ("?", year[-1] if year else text.date[:4])
            )  # fmt: skip
    return right / total


def our_rows(texts: list[Annotated]) -> float:
    """Rows right by liantu; a figure that was missed is a wrong row."""
    names = ("value", "measure", "subject", "indicator", "period")
    found = [c for t in texts for *_, c in checked(t, list(read_text(t.text, date=t.date).facts))]
    return sum(all(c[n] is not False for n in names) for c in found) / sum(len(t.facts) for t in texts)


def table(texts: list[Annotated]) -> str:
    """The results as Markdown."""
    lines = ["| reader | span F1 | value and unit F1 | characters a second |", "|---|---|---|---|"]
    for name, (load, units) in PEERS.items():
        try:
            read = load()
        except ImportError as error:
            lines.append(f"| {name} | not installed ({error.name}) | | |")
            continue
        read(texts[0].text)
        spans, values, rate = f1(texts, read, units)
        said = f"{values:.3f}" if values else "gives none"
        lines.append(f"| {name} | {spans:.3f} | {said} | {rate:,.0f} |")
    lines += ["", "| rows | right |", "|---|---|", f"| liantu | {our_rows(texts):.3f} |",
              f"| naive heuristics | {naive_rows(texts):.3f} |"]  # fmt: skip
    return "\n".join(lines)


def pace() -> str:
    """Characters a second on bulletins, and on the same between paragraphs of prose."""
    texts = [t for name in ("held back", "held back 4") for file in SETS[name] for t in read_annotated(file)]
    prose = "党员干部走村入户,把政策讲到田间地头,群众有了盼头,大家的日子越过越红火。" * 4
    report = [replace(t, text="\n".join(f"{line}\n{prose}" for line in t.text.splitlines())) for t in texts]
    return (
        f"liantu in one process: {speed(texts):,.0f} characters a second on these texts, a figure for every\n"
        f"14 characters; {speed(report):,.0f} with prose between the paragraphs, as in a newspaper's report."
    )


def main() -> None:
    """Print the table, and with `--write` keep it."""
    texts = [t for name in ("held back", "held back 4") for file in SETS[name] for t in read_annotated(file)]
    from tagger import table as tagger_table

    tags = tagger_table()
    whole = sum(len(t.facts) for t in texts)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    report = f"""# Readers of figures, side by side

The {len(texts)} held-back texts, {whole} figures; {machine}.
`python benchmarks/reading/peers.py --write` after `pip install liantu[bench]` writes this page.
Value and unit are compared without the sign.

{table(texts)}

{pace()}

A tagger beside the grammar, its organisations taken for subjects where the grammar names none:

{tags}
"""
    print(report)
    if "--write" in sys.argv:
        (Path(__file__).parent / "results.md").write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
