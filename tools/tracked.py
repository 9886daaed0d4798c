"""Checks the tracked files themselves: nothing that only one machine has, nothing half done."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST_FILE = 1024 * 1024
LONGEST_SOURCE = 400

# A letter in brackets stands for itself, and keeps a pattern from matching its own line.
FORBIDDEN_TEXT = {
    "names a package registry": [
        r"[p]ypi\.org",
        r"[p]ythonhosted\.org",
        r"[r]egistry\.npm",
        r"[n]pmmirror",
        r"[i]ndex[-_]url",
        r"[f]ind[-_]links",
        r"[d]eb\.debian\.org",
        r"(pypi|mirrors?)\.(tuna|aliyun|ustc|cloud)",
    ],
    "reads a folder outside the repository": [r"\.\./[s]hared"],
    "holds a merge conflict": [r"^<{7} ", r"^>{7} "],
}
UNFINISHED = re.compile(r"\b([T]ODO|[F]IXME|[X]XX)\b|raise [N]otImplementedError|assert [T]rue\b")
FORBIDDEN_NAME = re.compile(r"(^|/)(uv\.lock|\.venv|node_modules|__pycache__|var)(/|$)|\.(mo|pyc)$")


def tracked(root: Path = ROOT) -> list[str]:
    """The names of the tracked files that are there."""
    command = ["git", "-C", str(root), "ls-files", "-z"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
    return [name for name in listed.split("\0") if name and (root / name).is_file()]


def findings(root: Path, names: Iterable[str]) -> Iterator[str]:
    """What is wrong with these files, a line each."""
    for name in names:
        if FORBIDDEN_NAME.search(name):
            yield f"{name}: must not be tracked"
        content = (root / name).read_bytes()
        if len(content) > LARGEST_FILE:
            yield f"{name}: {len(content) // 1024} KiB; what needs it in the clone?"
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a workbook
        yield from _text_findings(name, text)


def _text_findings(name: str, text: str) -> Iterator[str]:
    lines = text.splitlines()
    for reason, patterns in FORBIDDEN_TEXT.items():
        pattern = re.compile("|".join(patterns), re.IGNORECASE)
        for number, line in enumerate(lines, start=1):
            if pattern.search(line):
                yield f"{name}:{number}: {reason}"
    if name.endswith(".py"):
        if len(lines) > LONGEST_SOURCE and "/migrations/" not in name:  # as Django writes them
            yield f"{name}: {len(lines)} lines, past {LONGEST_SOURCE}: what is its second subject?"
        for number, line in enumerate(lines, start=1):
            if UNFINISHED.search(line):
                yield f"{name}:{number}: unfinished"


if __name__ == "__main__":
    files = tracked()
    problems = list(findings(ROOT, files))
    print("\n".join(problems) if problems else f"{len(files)} tracked files in order")
    sys.exit(1 if problems else 0)
