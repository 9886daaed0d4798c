"""YAML with its places: what a scenario file holds, node by node, and what is wrong with each node.

The text is composed to nodes and never constructed, so that a plain `no` or `12:30` stays what was
typed, every value knows its line, and no tag can build an object.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from liantu.data.encoding import decode
from liantu.data.numbers import diagnose, is_plain
from liantu.data.schema import near_names
from liantu.errors import Problem
from liantu.messages import problem

LARGEST = 1_000_000
"""Bytes beyond which a file is no scenario."""
_NULL = "tag:yaml.org,2002:null"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Reading:
    """A file being read: its name, and the problems so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def report(
        self, code: str, node: yaml.Node | int | None, key: str, found: str = "", expected: str = ""
    ) -> None:
        """Note a problem at a node, or at a line."""
        line = node if isinstance(node, int) or node is None else line_of(node)
        found = found if len(found) <= 80 else found[:77] + "..."
        self.problems.append(problem(code, self.file, line, key or None, found=found, expected=expected))

    def root(self, path: Path) -> yaml.MappingNode | None:
        """The file as one mapping; None where it is not one, or empty."""
        try:
            if path.stat().st_size > LARGEST:
                self.report("too_large", None, "", f"{path.stat().st_size:,} B", f"{LARGEST:,} B")
                return None
            text, notes = decode(path.read_bytes(), self.file)
        except OSError as error:
            self._unreadable(path, error)
            return None
        self.problems += notes
        try:
            node = yaml.compose(text or "", Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = " ".join(filter(None, (error.context, error.problem)))
            self.report("broken_yaml", mark.line + 1 if mark else None, "", said)
            return None
        except (yaml.YAMLError, RecursionError) as error:
            lines = str(error).splitlines() or [type(error).__name__]
            self.report("broken_yaml", None, "", lines[0])
            return None
        if node is None or isinstance(node, yaml.MappingNode):
            return node
        self.report("wrong_shape", node, "", shown(node), "key: value")
        return None

    def _unreadable(self, path: Path, error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
            self.report("no_such_path", None, "", str(path), ", ".join(near_names(path.name, beside)))
        else:
            self.report("unreadable_file", None, "", error.strerror or type(error).__name__)

    def entries(self, node: yaml.Node, key: str, example: str) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """(name, node of the name, node of the value) of each entry of a mapping, each name once."""
        if is_blank(node):
            return
        if not isinstance(node, yaml.MappingNode):
            self.report("wrong_shape", node, key, shown(node), example)
            return
        first: dict[str, int] = {}
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                self.report("wrong_shape", name, key, shown(name), example)
            elif name.value in first:
                before = str(first[name.value])
                self.report("duplicate_key", name, joined(key, name.value), name.value, before)
            else:
                first[name.value] = line_of(name)
                yield name.value, name, value

    def items(self, node: yaml.Node, key: str, example: str) -> list[yaml.Node]:
        """The items of a list; a single word stands for a list of one."""
        if is_blank(node):
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if isinstance(node, yaml.ScalarNode):
            return [node]
        self.report("wrong_shape", node, key, shown(node), example)
        return []

    def text(self, node: yaml.Node, key: str, example: str) -> str | None:
        """A scalar as it was typed; a terminal would obey an escape sequence in it."""
        if isinstance(node, yaml.ScalarNode):
            hidden = _CONTROL.search(node.value)
            if hidden is None:
                return str(node.value).strip()
            self.report("control_character", node, key, repr(hidden[0])[1:-1])
            return None
        self.report("wrong_shape", node, key, shown(node), example)
        return None

    def number(
        self, node: yaml.Node, key: str, minimum: float | None = 0.0, maximum: float | None = None
    ) -> float | None:
        """A finite number within inclusive bounds."""
        typed = self.text(node, key, "1200.5")
        if typed is None:
            return None
        if is_blank(node):
            self.report("missing_value", node, key, "", "number")
            return None
        if not is_plain(typed):
            code, expected = diagnose(typed)
            self.report(code, node, key, typed, expected)
            return None
        value = float(typed)
        if not math.isfinite(value):
            self.report("not_finite", node, key, typed, "number")
        elif minimum == 0 and value < 0:
            self.report("negative_value", node, key, typed, "0")
        elif (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            low, high = ("" if v is None else f"{v:g}" for v in (minimum, maximum))
            self.report("out_of_range", node, key, typed, f"{low}..{high}")
        else:
            return value
        return None


def line_of(node: yaml.Node) -> int:
    """The line a person sees: the first is 1."""
    return int(node.start_mark.line) + 1


def is_blank(node: yaml.Node) -> bool:
    """Whether nothing was given: `key:` with nothing behind it, or null."""
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def joined(*parts: str) -> str:
    """'prices.nickel': a key within a key."""
    return ".".join(part for part in parts if part)


def close_names(word: str, names: Iterable[str]) -> str:
    """Names close to `word`, else those that have it in them, else all of them."""
    names = list(names)
    return ", ".join(near_names(word, names) or [name for name in names if word in name] or names)


def shown(node: yaml.Node) -> str:
    """What stands there, in short, as YAML writes it."""
    if isinstance(node, yaml.MappingNode):
        names = [str(name.value) for name, _ in node.value if isinstance(name, yaml.ScalarNode)]
        return f"{{{', '.join(f'{name}: …' for name in names[:3])}}}"
    if isinstance(node, yaml.SequenceNode):
        return f"[{', '.join(shown(item) for item in node.value[:3] if isinstance(item, yaml.ScalarNode))}]"
    return str(node.value)
