"""Chinese reports to proposed figures, each with its exact place and the rule behind every field."""

from liantu.reading.corrections import correct, mark
from liantu.reading.fact import Fact
from liantu.reading.reader import Reading, Refused, read_bytes, read_each, read_file, read_text

__all__ = [
    "Fact", "Reading", "Refused", "correct", "mark", "read_bytes", "read_each", "read_file", "read_text",
]  # fmt: skip
