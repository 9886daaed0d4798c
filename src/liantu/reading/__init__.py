"""Chinese reports to proposed figures, each with its exact place and the rule behind every field."""

from liantu.reading.fact import Fact
from liantu.reading.reader import Reading, read_file, read_text

__all__ = ["Fact", "Reading", "read_file", "read_text"]
