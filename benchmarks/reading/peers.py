"""Other readers on the same texts: exact spans only, for none of them gives periods, subjects or indicators.

They are not installed with liantu; what is missing is said and left out. `jionlp` finds money only, so it is
judged on the money; Microsoft's recognizers find numbers with units, percentages and currencies.
"""

from __future__ import annotations

from collections.abc import Callable

from annotated import Annotated, read_annotated

from liantu.reading import read_text

Spans = set[tuple[int, int]]


def ours(text: Annotated) -> Spans:
    """The spans that liantu reads."""
    return {(f.start, f.end) for f in read_text(text.text, date=text.date).facts}


def recognizers() -> Callable[[Annotated], Spans]:
    """Microsoft's recognizers for Chinese."""
    from recognizers_number import recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension
    from recognizers_text import Culture

    def read(text: Annotated) -> Spans:
        found: Spans = set()
        for recognize in (recognize_currency, recognize_dimension, recognize_percentage):
            found |= {(r.start, r.end + 1) for r in recognize(text.text, Culture.Chinese)}
        return found

    return read


def jionlp() -> Callable[[Annotated], Spans]:
    """JioNLP's extractor of money."""
    import jionlp as jio

    def read(text: Annotated) -> Spans:
        return {tuple(m["offset"]) for m in jio.ner.extract_money(text.text, with_parsing=False)}

    return read


def f1(texts: list[Annotated], read: Callable[[Annotated], Spans], unit: str | None) -> float:
    """F1 of exact spans, of all figures or of those in one unit."""
    hits = wanted = found = 0
    for text in texts:
        spans = {(w.start, w.end) for w in text.facts if unit in (None, w.unit)}
        others = {(w.start, w.end) for w in text.facts} - spans
        read_spans = read(text) - others
        hits, wanted, found = hits + len(spans & read_spans), wanted + len(spans), found + len(read_spans)
    return 2 * hits / max(1, wanted + found)


def main() -> None:
    """A line for each reader that is installed."""
    texts = read_annotated("development.txt") + read_annotated("held_back.txt")
    held = read_annotated("held_back.txt")
    print(f"liantu, all figures: {f1(texts, ours, None):.3f}; held back: {f1(held, ours, None):.3f}")
    for name, load, unit in (("recognizers-text", recognizers, None), ("jionlp, money", jionlp, "CNY")):
        try:
            read = load()
        except ImportError as error:
            print(f"{name}: not installed ({error.name})")
            continue
        print(f"{name}: {f1(texts, read, unit):.3f}; held back: {f1(held, read, unit):.3f}")


if __name__ == "__main__":
    main()
