"""The repository checks itself: what README, Makefile, locks and contracts promise is so."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import audit
import locks
import tracked

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


class TestReadme:
    def test_it_fits_a_screen_and_a_half(self) -> None:
        assert 20 < len(text("README.md").splitlines()) <= 60

    def test_it_is_headed_by_demo_and_test(self) -> None:
        code = [line.split()[:2] for line in text("README.md").splitlines()[:8] if line.startswith("make ")]
        assert code == [["make", "demo"], ["make", "test"]]

    def test_its_make_targets_are_the_ones_make_explains(self) -> None:
        explained = set(re.findall(r"^([a-z-]+):.*?## ", text("Makefile"), flags=re.M)) - {"help"}
        assert {"demo", "test", "check", "bench", "lock"} <= explained
        assert set(re.findall(r"make ([a-z-]+)", text("README.md"))) == explained

    def test_its_commands_are_the_commands_there_are(self) -> None:
        rows = set(re.findall(r"^\| `liantu ([a-z-]+)", text("README.md"), flags=re.M))
        assert rows == commands()


def commands() -> set[str]:
    """The subcommands of `liantu`; none as long as it has no command line."""
    assert PROJECT["project"]["scripts"] == {"liantu": "liantu.cli:main"}
    if importlib.util.find_spec("liantu.cli") is None:
        return set()
    import typer

    cli = importlib.import_module("liantu.cli")
    found = set(getattr(typer.main.get_command(cli.app), "commands", {}))
    assert len(found) >= 2
    return found


class TestTrackedFiles:
    def test_they_are_in_order(self) -> None:
        names = tracked.tracked(ROOT)
        assert "pyproject.toml" in names
        assert list(tracked.findings(ROOT, names)) == []

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("notes.md", "from https://py~pi.org/simple", "notes.md:1: names a package registry"),
            ("pip.conf", "\nindex~-url = http://mirror.example", "pip.conf:2: names a package registry"),
            ("load.py", 'read("../~shared/x.csv")', "load.py:1: reads a folder outside the repository"),
            ("merged.md", "<<<~<<<< HEAD", "merged.md:1: holds a merge conflict"),
            ("half.py", "# TO~DO: the rest", "half.py:1: unfinished"),
            ("uv.lock", "version = 1", "uv.lock: must not be tracked"),
            ("locale/liantu.mo", "", "locale/liantu.mo: must not be tracked"),
            ("long.py", "x = 1\n" * 401, "long.py: 401 lines, past 400: what is its second subject?"),
            ("big.txt", "x" * 2_000_000, "big.txt: 1953 KiB; what needs it in the clone?"),
        ],
    )
    def test_a_damaged_one_is_named(self, tmp_path: Path, name: str, content: str, reason: str) -> None:
        """A ~ keeps the damage from damaging this file, and is taken out."""
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content.replace("~", ""), encoding="utf-8")
        assert list(tracked.findings(tmp_path, [name])) == [reason]

    def test_only_tracked_ones_are_read(self, tmp_path: Path) -> None:
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
        (tmp_path / "kept.md").write_text("kept")
        (tmp_path / "own.md").write_text("of this machine")
        subprocess.run(["git", "-C", tmp_path, "add", "kept.md"], check=True)
        assert tracked.tracked(tmp_path) == ["kept.md"]

    def test_relative_links_of_the_pages_lead_somewhere(self) -> None:
        pages = [name for name in tracked.tracked(ROOT) if name.endswith(".md")]
        links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#\s]+)", text(page))]
        relative = [(page, link) for page, link in links if "://" not in link]
        assert relative
        assert [pair for pair in relative if not (ROOT / pair[0]).parent.joinpath(pair[1]).exists()] == []


class TestLocks:
    def test_they_hold_what_the_project_asks_for(self) -> None:
        assert locks.check(ROOT) == []

    def test_the_runtime_lock_is_not_empty_and_holds_no_test_tool(self) -> None:
        names = {pin.name for pin in locks.pins(text("requirements.lock"))}
        assert {"numpy", "highspy", "hatchling"} <= names
        assert not names & {"pytest", "ruff", "mypy", "pip-audit"}

    @pytest.mark.parametrize(
        ("pattern", "replacement", "reason"),
        [
            (r"\nbabel==[\s\S]*?\n(?=\S)", "\n", "requirements.lock: lacks babel"),
            (r"\nhighspy==[\d.]+", "\nhighspy==1.15.0", "asks for <1.15,>=1.11"),
            (r"(\nbabel==[\d.]+) (\\\n +--hash\S+ ?)*", r"\1", "requirements.lock: babel has no hash"),
            (r"(\nnumpy==)[\d.]+", r"\g<1>9.9", "numpy: 2"),
            (r"^", "--no-binary x\n", "names an option or an index: --no-binary"),
            (r"(\nsqlparse==[\s\S]*?# via )django", r"\1liantu (pyproject.toml)", "sqlparse is not"),
        ],
    )
    def test_a_damaged_lock_is_named(
        self, tmp_path: Path, pattern: str, replacement: str, reason: str
    ) -> None:
        for name in ("pyproject.toml", "requirements-dev.lock", "requirements.lock"):
            (tmp_path / name).write_text(text(name), encoding="utf-8")
        damaged, count = re.subn(pattern, replacement, text("requirements.lock"), count=1)
        assert count == 1
        (tmp_path / "requirements.lock").write_text(damaged, encoding="utf-8")
        assert any(reason in line for line in locks.check(tmp_path))

    def test_every_dependency_says_what_for(self) -> None:
        lines = text("pyproject.toml").split("\ndependencies = [\n")[1].split("\n]\n")[0].splitlines()
        assert len(lines) == len(PROJECT["project"]["dependencies"])
        assert [line for line in lines if not re.search(r'",\s+# \w', line)] == []


class TestAudit:
    def test_a_vulnerability_fails(self) -> None:
        bad = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
        assert audit.verdict({"dependencies": [bad]}) == (False, ["a 1: CVE-1, mended in 2"])

    def test_none_passes_and_says_how_many_were_asked_for(self) -> None:
        clean = {"name": "a", "version": "1", "vulns": []}
        unknown = {"name": "b", "skip_reason": "not found"}
        ok, lines = audit.verdict({"dependencies": [clean, unknown]})
        assert ok
        assert lines == ["audit: 1 of 2 packages, no known vulnerability"]

    def test_an_answer_about_nothing_says_that_it_was_skipped(self) -> None:
        ok, lines = audit.verdict({"dependencies": [{"name": "b", "skip_reason": "not found"}]})
        assert ok
        assert "skipped" in lines[0]


class TestImportContracts:
    """The contracts of pyproject.toml on a small package with one forbidden import."""

    @pytest.fixture
    def package(self, tmp_path: Path) -> Path:
        configuration = text("pyproject.toml")
        start = configuration.index("[tool.importlinter]")
        (tmp_path / "pyproject.toml").write_text(configuration[start:], encoding="utf-8")
        for name in ("", "chain", "data", "web", "web/kit", "web/desk"):
            folder = tmp_path / "liantu" / name
            folder.mkdir(exist_ok=True)
            (folder / "__init__.py").touch()
        for name in ("cli", "runs", "errors", "i18n"):
            (tmp_path / "liantu" / f"{name}.py").touch()
        (tmp_path / "liantu/chain/solve.py").write_text("import highspy\n")
        (tmp_path / "liantu/web/urls.py").write_text("import django.urls\nimport liantu.runs\n")
        (tmp_path / "liantu/runs.py").write_text("import liantu.chain.solve\n")
        return tmp_path

    def lint(self, package: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, Path(sys.executable).parent / "lint-imports", "--no-cache"]
        environ = os.environ | {"PYTHONPATH": str(package)}
        return subprocess.run(command, cwd=package, env=environ, capture_output=True, text=True, check=False)

    def test_imports_that_point_down_are_kept(self, package: Path) -> None:
        done = self.lint(package)
        assert "4 kept, 0 broken" in done.stdout
        assert done.returncode == 0

    @pytest.mark.parametrize(
        ("file", "line", "contract"),
        [
            ("chain/gaps.py", "import highspy", "Only liantu.chain.solve imports highspy"),
            ("runs.py", "from django.db import models", "Only liantu.web imports Django"),
            ("data/tables.py", "import liantu.chain", "Imports point down only"),
            ("cli.py", "import liantu.web", "Imports point down only"),
            ("surprise.py", "", "Imports point down only"),
            ("web/kit/forms.py", "import liantu.web.desk", "Apps of the web import downwards only"),
        ],
    )
    def test_a_forbidden_import_is_caught(self, package: Path, file: str, line: str, contract: str) -> None:
        (package / "liantu" / file).write_text(line + "\n")
        done = self.lint(package)
        assert done.returncode != 0
        assert f"{contract} BROKEN" in done.stdout


class TestPages:
    def decisions(self) -> Iterator[tuple[str, str]]:
        for file in sorted((ROOT / "docs/decisions").glob("*.md")):
            yield file.name, file.read_text(encoding="utf-8")

    def test_decisions_are_numbered_and_have_their_four_headings(self) -> None:
        pages = list(self.decisions())
        assert len(pages) >= 5
        assert [int(name[:4]) for name, _ in pages] == list(range(1, len(pages) + 1))
        for name, page in pages:
            assert page.startswith(f"# {int(name[:4])}. "), name
            assert re.search(
                r"^Date: \d{4}-\d\d-\d\d\. Status: (accepted|replaced by \d{4})\.$", page, re.M
            ), name
            assert re.findall(r"^## (.*)", page, re.M) == ["Context", "Decision", "Consequences"], name

    def test_the_glossary_names_each_term_once_in_both_languages(self) -> None:
        rows = [
            line.strip("|").split("|") for line in text("GLOSSARY.md").splitlines() if line.startswith("| `")
        ]
        assert len(rows) >= 60
        assert [row for row in rows if len(row) != 4 or not all(cell.strip() for cell in row)] == []
        identifiers = [name for row in rows for name in re.findall(r"`([^`]+)`", row[0])]
        assert len(identifiers) == len(set(identifiers))
        assert [row[2] for row in rows if not re.search(r"[一-鿿]", row[2])] == []

    def test_the_changelog_has_what_comes_next(self) -> None:
        assert "## [Unreleased]" in text("CHANGELOG.md")


class TestCI:
    def test_it_stops_at_the_first_failure_and_runs_everything(self) -> None:
        script = text(".ci/run")
        assert os.access(ROOT / ".ci/run", os.X_OK)
        assert "set -euo pipefail" in script
        called = re.compile(r"\s*(LIANTU_\w+=\w+ )?make ")
        steps = [line.strip() for line in script.splitlines() if called.match(line)]
        postgres = 'LIANTU_TEST_DATABASE=postgres make test ARGS="-m postgres"'
        assert steps == ["make test", postgres, "make check"]
        subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=True)
