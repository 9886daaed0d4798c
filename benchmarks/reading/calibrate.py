"""Confidence against truth, on texts that no rule was made for.

`--write` measures how often each level of trust is right on the first held-back set (its errors stay
unread; only these shares leave it) and writes them to the lexicon. Without it, the confidence that the reader
gives is compared with the truth on the newest held-back set.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from annotated import Annotated, read_annotated
from score import FIELDS, SETS, checked

from liantu.reading import read_text, trust

PRIOR = 6.0
"""Judgements by which a level is drawn to the mean of its field."""
TABLE = Path(trust.__file__).parent / "lexicon" / "reliability.tsv"
HEAD = """# How often a field is right, by the trust in its rule; benchmarks/reading/calibrate.py --write
# field\ttrust at least\tshare that is right\tjudged
"""

Judged = dict[str, list[tuple[float, bool]]]


def judgements(texts: list[Annotated]) -> Judged:
    """For each field, the confidence and the truth of every fact whose span was found."""
    found: Judged = defaultdict(list)
    for text in texts:
        facts = read_text(text.text, date=text.date).facts
        for _, fact, checks in checked(text, list(facts)):
            for name in FIELDS:
                good = checks[name]
                if good is not None:
                    found["growth_basis" if name == "basis" else name].append(
                        (fact.confidence["growth_basis" if name == "basis" else name], good)
                    )
    return found


def levels(judged: list[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Trust, share right and judgements, rising with trust: neighbours that would fall are pooled."""
    mean = sum(good for _, good in judged) / len(judged)
    by: dict[float, list[bool]] = defaultdict(list)
    for level, good in judged:
        by[round(level, 3)].append(good)
    pools = [[level, float(sum(by[level])), float(len(by[level]))] for level in sorted(by)]

    def share(pool: list[float]) -> float:
        return (pool[1] + PRIOR * mean) / (pool[2] + PRIOR)

    at = 0
    while at + 1 < len(pools):
        if share(pools[at]) > share(pools[at + 1]):
            pools[at][1] += pools[at + 1][1]
            pools[at][2] += pools[at + 1][2]
            del pools[at + 1]
            at = max(0, at - 1)
        else:
            at += 1
    return [(pool[0], round(min(0.995, share(pool)), 3), int(pool[2])) for pool in pools]


def write() -> None:
    """Measure the trust of each rule and keep it as data."""
    trust.reliability.cache_clear()
    trust.reliability = dict  # the bare trust, not what an earlier table made of it
    texts = [text for file in SETS["held back"] for text in read_annotated(file)]
    lines = [
        f"{name}\t{level}\t{share}\t{count}"
        for name, judged in sorted(judgements(texts).items())
        for level, share, count in levels(judged)
    ]
    TABLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """A line for each field and level: what the reader says, and what is true."""
    if "--write" in sys.argv:
        write()
        return
    texts = [text for file in SETS["held back 4"] for text in read_annotated(file)]
    print(f"{'field':14}{'judged':>8}{'said':>8}{'true':>8}{'Brier':>8}")
    for name, judged in sorted(judgements(texts).items()):
        said = sum(level for level, _ in judged) / len(judged)
        true = sum(good for _, good in judged) / len(judged)
        brier = sum((level - good) ** 2 for level, good in judged) / len(judged)
        print(f"{name:14}{len(judged):8}{said:8.3f}{true:8.3f}{brier:8.3f}")
        for low, high in ((0.0, 0.85), (0.85, 0.93), (0.93, 1.01)):
            some = [(level, good) for level, good in judged if low <= level < high]
            if some and len(some) < len(judged):
                said = sum(level for level, _ in some) / len(some)
                true = sum(good for _, good in some) / len(some)
                print(f"  {low:.2f} to {min(1.0, high):.2f}{len(some):8}{said:8.3f}{true:8.3f}")


if __name__ == "__main__":
    main()
