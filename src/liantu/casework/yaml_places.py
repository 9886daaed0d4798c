"""YAML as plain mappings, lists and words, with the line of every key.

The text is composed to nodes and never constructed: a plain `no` or `08:30` stays the word that was
typed, and no tag can build an object.
"""

from __future__ import annotations

import yaml

from liantu.casework.sentences import flow_problem
from liantu.errors import Problem

_NULL = "tag:yaml.org,2002:null"
DEEPEST = 12
"""Levels of nesting beyond which a text is no flow."""


def read_yaml(text: str, file: str) -> tuple[object, dict[str, int], list[Problem]]:
    """(content, line of each key such as 'states.taken.zh', problems). Scalars are str, blanks None."""
    lines: dict[str, int] = {}
    met: set[int] = set()
    problems: list[Problem] = []

    def plain(node: yaml.Node, place: str, depth: int) -> object:
        lines.setdefault(place, node.start_mark.line + 1)
        if depth > DEEPEST or id(node) in met:  # an alias would be unfolded again and again
            problems.append(flow_problem("bad_value", file, lines[place], place, "…", "key: value"))
            return None
        if not isinstance(node, yaml.ScalarNode):
            met.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [plain(item, f"{place}.{n}", depth + 1) for n, item in enumerate(node.value, start=1)]
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == _NULL else str(node.value).strip()
        found: dict[str, object] = {}
        for key, value in node.value if isinstance(node, yaml.MappingNode) else []:
            name = str(key.value).strip() if isinstance(key, yaml.ScalarNode) else "…"
            below = f"{place}.{name}" if place else name
            if name in found:
                line = key.start_mark.line + 1
                problems.append(flow_problem("duplicate_key", file, line, below, name, str(lines[below])))
            else:
                lines[below] = key.start_mark.line + 1
                found[name] = plain(value, below, depth + 1)
        return found

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return (None if node is None else plain(node, "", 0)), lines, problems
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(filter(None, (error.context, error.problem)))
        problems.append(flow_problem("broken_yaml", file, mark.line + 1 if mark else None, "", said))
    except (yaml.YAMLError, RecursionError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        problems.append(flow_problem("broken_yaml", file, None, "", said))
    return None, lines, problems
