"""Finds the sentences of Django templates, as a Babel extraction method.

Django itself rewrites a template as Python-like text in which every translated sentence is a
call of gettext (`makemessages` hands that text to GNU gettext). Babel reads the same text, so
that no GNU gettext is needed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any

from babel.messages.extract import extract_python


def extract(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, Any, Any, Any]]:
    """Yields (line, function, sentences, comments) as Babel expects of an extraction method."""
    from django.utils.translation.template import templatize

    text = templatize(fileobj.read().decode("utf-8"), origin=getattr(fileobj, "name", None))
    # What is not a sentence is blanked with X, its indentation kept; Python's tokenizer would
    # stumble over that.
    flat = "\n".join(line.lstrip() for line in text.split("\n"))
    yield from extract_python(io.BytesIO(flat.encode("utf-8")), keywords, comment_tags, options)
