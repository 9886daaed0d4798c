"""What a tagger that ships its model would add: jieba's names of organisations as bearers of figures.

The reader runs with and without them on the development texts and on the second held-back set. jieba is in
the extra `bench`; `peers.py --write` puts the table into results.md.
"""

from __future__ import annotations

from collections.abc import Callable

from annotated import read_annotated
from peers import our_rows
from score import SETS, judge, speed

from liantu.reading import reader
from liantu.reading.lexicon import Lexicon
from liantu.reading.mentions import Mention, Mentions

Finder = Callable[[str, Lexicon], Mentions]


def with_tags(find: Finder) -> Finder:
    """The reader's own names, and jieba's (nt, nz of three characters and more) where it found none."""
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)

    def found(text: str, lexicon: Lexicon) -> Mentions:
        items = list(find(text, lexicon).items)
        taken = {i for m in items for i in range(m.start, m.end)}
        at = 0
        for word, flag in jieba.posseg.cut(text):
            end = at + len(word)
            if flag in ("nt", "nz") and len(word) > 2 and not taken.intersection(range(at, end)):
                items.append(Mention(at, end, word, "firm"))
            at = end
        return Mentions(items)

    return found


def table() -> str:
    """A row for each set and way, as Markdown."""
    plain = reader.find_subjects
    ways = {"without": plain}
    try:
        ways["with jieba"] = with_tags(plain)
    except ImportError as error:
        return f"jieba: not installed ({error.name})"
    lines = ["| texts | tagger | subject | rows | characters a second |", "|---|---|---|---|---|"]
    for name in ("development", "development 2", "held back 4"):
        texts = [text for file in SETS[name] for text in read_annotated(file)]
        for way, find in ways.items():
            reader.find_subjects = find
            subject, rows = judge(texts).share("subject"), our_rows(texts)
            lines.append(f"| {name} | {way} | {subject:.3f} | {rows:.3f} | {speed(texts):,.0f} |")
    reader.find_subjects = plain
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
