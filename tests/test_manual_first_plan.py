"""The manual's pages on the command line are true: tables, outputs and options, in both languages."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import openpyxl
import pytest
import typer

from liantu.chain.scenario_file import KEYS, read_scenario
from liantu.cli import app
from liantu.cli.entry import run
from liantu.cli.reference import reference
from liantu.data.tables import read_tables
from liantu.report import terminal

ROOT = Path(__file__).parents[1]
MANUAL, FIRST = ROOT / "docs/manual", ROOT / "examples/first-city"
LANGUAGES = ("zh", "en")
SHEETS = ("materials", "processes", "process_flows", "facilities")


def page(lang: str, name: str) -> str:
    return (MANUAL / lang / f"{name}.md").read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    """The fenced blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, flags=re.M | re.S)


def typed(cell: str) -> str | float | None:
    """A cell as a person's spreadsheet holds what is typed into it."""
    if not cell:
        return None
    return float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell


def workbook(lang: str, file: Path) -> None:
    """The workbook that the page tells a newcomer to type."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    text = page(lang, "01-first-plan")
    for name in SHEETS:
        table = text.split(f"**{name}**")[1].split("\n\n")[1]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        sheet = book.create_sheet(name)
        sheet.append(rows[0])
        for row in rows[2:]:
            sheet.append([typed(cell) for cell in row])
    book.save(file)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and a terminal of 80 columns."""
    monkeypatch.chdir(tmp_path)
    console_for = terminal.console_for
    monkeypatch.setattr(terminal, "console_for", lambda file, width=None: console_for(file, 80))
    return tmp_path


@pytest.mark.parametrize("lang", LANGUAGES)
class TestFirstPlan:
    def test_the_tables_are_those_of_the_example(self, lang: str, desk: Path) -> None:
        workbook(lang, desk / "first-city.xlsx")
        digest = read_tables(desk / "first-city.xlsx").digest
        assert digest == read_tables(FIRST / "first-city.xlsx").digest
        assert digest == read_tables(FIRST).digest

    def test_the_commands_print_what_the_page_shows(
        self, lang: str, desk: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Every line shown is printed, in this order; lines in between may be left out."""
        text = page(lang, "01-first-plan")
        workbook(lang, desk / "first-city.xlsx")
        (desk / "half_power.yaml").write_text(blocks(text, "yaml")[0], encoding="utf-8")
        shown = re.findall(r"^```sh\n(liantu .*?)\n```\n\n```text\n(.*?)\n```$", text, flags=re.M | re.S)
        assert [shlex.split(command)[1] for command, _ in shown] == ["check", "plan", "compare"]
        for command, output in shown:
            assert run([*shlex.split(command)[1:], "--lang", lang]) == 0
            printed = iter(line.rstrip() for line in capsys.readouterr().out.splitlines())
            assert [line for line in output.splitlines() if line and line not in printed] == []

    def test_the_slip_is_told_as_the_page_says(
        self, lang: str, desk: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        workbook(lang, desk / "first-city.xlsx")
        book = openpyxl.load_workbook(desk / "first-city.xlsx")
        book["facilities"]["E3"] = "1,200,000"
        book.save(desk / "first-city.xlsx")
        assert run(["check", "first-city.xlsx", "--lang", lang]) == 2
        wanted = blocks(page(lang, "01-first-plan"), "text")[1].strip()
        assert re.sub(r"\s", "", wanted) in re.sub(r"\s", "", capsys.readouterr().out)
        assert run(["mark", "first-city.xlsx", "marked.xlsx"]) == 2

    def test_the_scenario_is_the_one_of_the_example(self, lang: str) -> None:
        [text] = blocks(page(lang, "01-first-plan"), "yaml")
        assert text == (FIRST / "scenarios/half_power.yaml").read_text(encoding="utf-8")

    def test_the_figures_in_its_words_are_in_its_outputs(self, lang: str) -> None:
        text = page(lang, "01-first-plan")
        words = text.split("```text")[-2].split("```")[1] + text.split("```text")[-1].split("```")[1]
        outputs = "".join(blocks(text, "text")).replace(",", "")
        figures = re.findall(r"\d[\d,]*\.\d+|\d{1,3},\d{3}", words)
        assert figures
        assert [f for f in figures if f.replace(",", "") not in outputs] == []


@pytest.mark.parametrize("lang", LANGUAGES)
class TestReferencePages:
    def test_the_page_of_commands_is_what_help_prints(self, lang: str) -> None:
        """`python -m liantu.cli.reference docs/manual` writes it anew."""
        assert page(lang, "commands") == reference(lang)

    def test_every_key_of_a_scenario_is_explained_and_the_example_is_sound(
        self, lang: str, tmp_path: Path
    ) -> None:
        text = page(lang, "scenarios")
        rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
        assert {key for row in rows for key in re.findall(r"`([a-z_]+)`", row)} == set(KEYS)
        [example] = blocks(text, "yaml")
        assert set(re.findall(r"^([a-z_]+):", example, flags=re.M)) == set(KEYS)
        file = tmp_path / "all.yaml"
        file.write_text(example, encoding="utf-8")
        assert read_scenario(file, read_tables(ROOT / "examples/jinchang")).name == "all_keys"

    def test_both_languages_have_the_same_pages(self, lang: str) -> None:
        other = next(x for x in LANGUAGES if x != lang)
        assert {p.name for p in (MANUAL / lang).glob("*.md")} <= {
            p.name for p in (MANUAL / other).glob("*.md")
        }


def test_every_command_line_in_the_pages_exists() -> None:
    """`liantu plan DIR --scenario ...`: the command is there, and so is each of its options."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md"), *MANUAL.glob("*/*.md")]
    seen = set()
    for file in pages:
        for line in re.findall(r"(?:^|`)liantu ([^`\n]+)", file.read_text(encoding="utf-8"), flags=re.M):
            name, *words = line.split()
            if name.startswith("-") or name in ("COMMAND", "命令") or not re.fullmatch(r"[a-z]+", name):
                continue
            assert name in commands, f"{file.name}: liantu {line}"
            command = commands[name]
            while words and words[0] in getattr(command, "commands", {}):
                command = command.commands[words.pop(0)]
            options = {flag for p in command.params for flag in p.opts} | {"--help"}
            flags = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
            assert flags <= options, f"{file.name}: liantu {line}"
            seen.add(name)
    assert seen == set(commands)


def test_the_package_and_the_workbook_of_the_example_are_the_same(tmp_path: Path) -> None:
    shutil.copy(FIRST / "first-city.xlsx", tmp_path / "first-city.xlsx")
    assert run(["convert", str(tmp_path / "first-city.xlsx"), str(tmp_path / "package")]) == 0
    for file in ("materials.csv", "processes.csv", "process_flows.csv", "facilities.csv"):
        assert (tmp_path / "package" / file).read_bytes() == (FIRST / file).read_bytes()
