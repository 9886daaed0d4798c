"""YAML to plain values with the line of every mapping, never building an object."""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

DEEPEST = 12


class BadYaml(ValueError):
    """The text is no YAML that a catalogue may be; `line` where, the message why."""

    def __init__(self, line: int | None, why: str) -> None:
        self.line = line
        super().__init__(why)


@dataclass
class Item:
    """A mapping of a YAML text: plain values by key, and the line of each key."""

    line: int
    values: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)


def read_items(text: str) -> Item:
    """The mapping at the top of the text. Raises BadYaml."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYaml(mark.line + 1 if mark else None, error.problem or "YAML") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadYaml(None, (str(error).splitlines() or ["YAML"])[0]) from error
    top = _plain(node, 0) if node is not None else Item(1)
    if not isinstance(top, Item):
        raise BadYaml(1, "key: value")
    return top


def _plain(node: yaml.Node, depth: int) -> object:
    if depth > DEEPEST:
        raise BadYaml(node.start_mark.line + 1, "nested too deep")
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, depth + 1) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        item = Item(node.start_mark.line + 1)
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if name in item.values:
                item.twice.append(name)
            item.lines[name] = key.start_mark.line + 1
            item.values[name] = _plain(value, depth + 1)
        return item
    text = str(node.value).strip()
    return None if node.tag == "tag:yaml.org,2002:null" else text
