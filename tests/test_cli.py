"""The command line: exit codes, what goes to stdout and what to stderr, and errors that are sentences."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from liantu import i18n, runs
from liantu.cli import app
from liantu.cli.entry import run
from liantu.errors import SolverError

ROOT = Path(__file__).parents[1]
JINCHANG, GUITANG = ROOT / "examples/jinchang", ROOT / "examples/guitang"
FIRST = ROOT / "examples/first-city/first-city.xlsx"
LIANTU = [sys.executable, "-m", "liantu"]


def liantu(*args: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A run in a process of its own, English unless `env` says otherwise."""
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", **(env or {})}
    command = [*LIANTU, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, env=environ, cwd=ROOT, check=False)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


class TestExitCodes:
    @pytest.mark.parametrize("city", [JINCHANG, GUITANG, FIRST])
    @pytest.mark.parametrize("command", ["check", "plan", "accounts"])
    def test_a_sound_city_is_0(self, city: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert run([command, str(city)]) == 0
        out, err = capsys.readouterr()
        assert out.startswith(("Check", "Plan: ", "Circular accounts: "))
        assert err == ""

    @pytest.mark.parametrize("city", [GUITANG, FIRST])
    @pytest.mark.parametrize("command", ["gaps", "portfolio"])
    def test_a_city_with_few_or_no_candidates_is_0(
        self, city: Path, command: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run([command, str(city)]) == 0
        assert capsys.readouterr().err == ""

    def test_a_broken_recipe_is_1(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        city = copy(
            FIRST, tmp_path, "process_flows.csv", "cement_making,2,ash,in,0.2", "cement_making,2,ash,in,0.1"
        )
        assert run(["check", str(city)]) == 1
        assert re.search(r"Cement making +Si .* broken", capsys.readouterr().out)
        assert run(["plan", str(city)]) == 1  # a plan can still be made of it, and says so
        assert "the recipe Cement making at" in " ".join(capsys.readouterr().out.split())

    def test_a_shortage_is_1_and_said(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["plan", str(JINCHANG), "-s", "hydrogen_committed"]) == 1
        assert "Finding: Hydrogen falls short by 4.163 kt/y" in capsys.readouterr().out

    def test_an_exceeded_land_cap_is_1_and_said(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "wide.yaml"
        file.write_text(
            "add: [c_tio2_chloride, c_ticl4_500]\ncaps: {land_industrial: 10}\n", encoding="utf-8"
        )
        assert run(["plan", str(JINCHANG), "-s", str(file)]) == 1
        assert "takes 67.6 ha of 10 ha" in capsys.readouterr().out

    def test_a_need_that_the_city_can_not_cover_is_1(self, capsys: pytest.CaptureFixture[str]) -> None:
        args = ["match", str(FIRST), "--need", "ash", "--quantity", "1e6", "--lat", "30", "--lon", "110.1"]
        assert run(args) == 1
        assert "Not covered" in capsys.readouterr().out

    def test_a_solver_that_breaks_is_3(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def broken(*_: object) -> None:
            raise SolverError("not_optimal", status="Unknown")

        monkeypatch.setattr(runs, "plan", broken)
        assert run(["plan", str(FIRST)]) == 3
        out, err = capsys.readouterr()
        assert (out, err) == ("", "The solver failed: not_optimal: status='Unknown'\n")

    def test_a_fault_of_its_own_is_70_in_one_line(self, tmp_path: Path) -> None:
        code = "import liantu.runs as r, liantu.cli.entry as e, sys; r.check = lambda p: 1 / 0; e.main()"
        command = [sys.executable, "-c", code, "check", str(FIRST)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8"})
        assert done.returncode == 70
        assert done.stdout == ""
        assert "ZeroDivisionError" in done.stderr
        assert "Please report it" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        debug = {"LC_ALL": "C.UTF-8", "LIANTU_DEBUG": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=debug)
        assert "Traceback" in done.stderr


def copy(workbook: Path, folder: Path, table: str, old: str, new: str) -> Path:
    """The city as a package in `folder`, with one line of a table changed."""
    runs.convert(workbook, folder / "city")
    file = folder / "city" / table
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new), encoding="utf-8")
    return folder / "city"


class TestBadInput:
    @pytest.mark.parametrize("command", ["check", "plan", "gaps", "portfolio"])
    def test_a_place_without_a_city_is_2(
        self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run([command, str(tmp_path / "nowhere")]) == 2
        out, err = capsys.readouterr()
        assert "there is nothing at this path" in (out if command == "check" else err)
        assert run([command, str(ROOT / "README.md")]) == 2
        assert "not a data package" in "".join(capsys.readouterr())

    def test_every_damage_is_listed_with_its_place(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        runs.convert(FIRST, tmp_path)
        facilities = tmp_path / "facilities.csv"
        lines = facilities.read_text(encoding="utf-8").splitlines()
        lines[1] = lines[1].replace("1500000", "-1")
        lines[2] = lines[2].replace(",power,", ",pwer,")
        facilities.write_text("\n".join(lines) + "\n", encoding="utf-8")
        (tmp_path / "materials.csv").write_bytes(b"\x00\x01\x02")
        assert run(["plan", str(tmp_path)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "facilities.csv, row 2, column capacity_per_year: -1 is negative" in err
        assert "facilities.csv, row 3, column process_id: 'pwer' is not in processes.id (power)" in err
        assert "materials.csv" in err
        assert "Traceback" not in err

    def test_an_unknown_scenario_is_told_with_near_names(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["plan", str(JINCHANG), "--scenario", "low_price"]) == 2
        assert "(near: low_prices" in capsys.readouterr().err

    def test_a_bad_scenario_is_told_by_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "bad.yaml"
        file.write_text("price_level: x\nclose: [nobody]\n", encoding="utf-8")
        assert run(["gaps", str(JINCHANG), "-s", str(file), "--lang", "zh"]) == 2
        err = capsys.readouterr().err
        assert "bad.yaml 第 1 行 键 price_level：" in err
        assert "bad.yaml 第 2 行 键 close：" in err

    def test_a_notice_goes_to_stderr_and_stops_nothing(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        runs.convert(FIRST, tmp_path)
        file = tmp_path / "processes.csv"
        file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
        assert run(["plan", str(tmp_path)]) == 0
        assert "processes.csv: is coded in GB 18030" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            (["match", FIRST, "--need", "sh", "--quantity", "1", "--at", "kiln"], "--need: 'sh' is not in"),
            (["match", FIRST, "--offer", "sh", "--quantity", "1", "--at", "kiln"], "--offer: 'sh' is not in"),
            (
                ["match", FIRST, "--need", "ash", "--quantity", "0", "--at", "kiln"],
                "--quantity: 0 is out of range",
            ),
            (["match", FIRST, "--need", "ash", "--quantity", "1", "--at", "klin"], "--at: 'klin' is not in"),
            (["match", FIRST, "--need", "ash", "--quantity", "1"], "--at: the place is not known"),
            (["match", FIRST, "--need", "ash"], "Give one --quantity for each"),
            (["match", FIRST, "--quantity", "1"], "Give --need or --offer"),
            (["match", FIRST, "--need", "ash", "--offer", "ash", "--quantity", "1"], "one of the two"),
            (["match", FIRST, "--need", "ash", "--quantity", "many"], "--quantity: "),
            (["portfolio", JINCHANG, "--capital", "-5"], "--capital: -5.0 can't be"),
            (["portfolio", JINCHANG, "--runners-up", "-1"], "--runners-up: -1 can't be"),
            (["portfolio", FIRST, "--water", "5"], "no material of the city counts for this room"),
            (["plan", FIRST, "--out", "plan.pdf"], "give a file name that ends in .xlsx"),
            (["plan", FIRST, "--out", FIRST], "is the input itself"),
            (["plan", FIRST, "--out", "/nowhere/plan.xlsx"], "its folder is not there"),
            (["plan", FIRST, "--lang", "fr"], "Unknown language “fr”"),
            (["plan"], "DIR is missing.\nSee liantu plan --help"),
            (["plna", FIRST], "There is no command plna. Near: plan\nSee liantu --help"),
            (["plan", FIRST, "--jsn"], "There is no option --jsn. Near: --json"),
            (["plan", FIRST, GUITANG], "Too many arguments: "),
            (["gaps", FIRST, "--top", "0"], "--top: "),
            (["portfolio", FIRST, "--time-limit", "-1"], "--time-limit: "),
            (["plan", FIRST, "-s", ""], "--scenario: there is no scenario file ''"),
            (["compare", FIRST, "base", "base", "base"], "Compare two scenarios at most."),
        ],
    )
    def test_a_wrong_command_line_is_2_and_says_what(
        self, args: list[object], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run([str(a) for a in args]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert "Traceback" not in err


class TestConvertAndMark:
    def test_a_city_goes_to_a_workbook_and_back_without_loss(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        workbook, package = tmp_path / "g.xlsx", tmp_path / "package"
        assert run(["convert", str(GUITANG), str(workbook)]) == 0
        assert run(["convert", str(workbook), str(package)]) == 0
        digests = {
            c.tables.digest
            for c in (runs.check(GUITANG), runs.check(workbook), runs.check(package))
            if c.tables
        }
        assert len(digests) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert "guitang is written to" in err

    def test_nothing_is_replaced_unasked(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        target = tmp_path / "there.xlsx"
        target.write_text("mine")
        assert run(["convert", str(FIRST), str(target)]) == 2
        assert target.read_text() == "mine"
        assert "--overwrite replaces it" in capsys.readouterr().err
        assert run(["convert", str(FIRST), str(target), "--overwrite"]) == 0
        assert run(["convert", str(target), str(target), "--overwrite"]) == 2

    def test_bad_cells_are_marked_for_correction(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        city = copy(FIRST, tmp_path, "facilities.csv", "1200000", "-12")
        marked = tmp_path / "marked.xlsx"
        assert run(["mark", str(city), str(marked)]) == 2
        assert "1 error and 0 notices are marked in" in capsys.readouterr().err
        assert marked.stat().st_size > 1000


class TestServe:
    def test_it_goes_on_as_the_web(self, monkeypatch: pytest.MonkeyPatch) -> None:
        became: list[list[str]] = []
        monkeypatch.setattr(os, "execv", lambda _file, command: became.append(command))
        assert run(["serve", str(JINCHANG), "--port", "8123", "--lang", "zh"]) == 0
        [command] = became
        assert command[1:] == [
            "-m", "liantu.web", "serve", str(JINCHANG),
            "--host", "127.0.0.1", "--port", "8123", "--lang", "zh",
        ]  # fmt: skip


class TestPeople:
    def test_help_is_in_the_language_spoken(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["--help"]) == 0
        assert "Usage: liantu COMMAND [OPTIONS]" in capsys.readouterr().out
        assert run(["plan", "--help", "--lang", "zh"]) == 0
        out = capsys.readouterr().out
        assert "用法：liantu plan DIR" in out
        assert not re.search(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}", out)  # no English sentence is left

    def test_no_page_is_wider_than_80_columns(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from rich.cells import cell_len

        monkeypatch.setenv("COLUMNS", "80")
        for lang in ("zh", "en"):
            for name in ("", *commands()):
                run([*filter(None, [name]), "--help", "--lang", lang])
                lines = capsys.readouterr().out.splitlines()
                assert [line for line in lines if cell_len(line) > 80] == []

    def test_the_locale_decides_where_no_option_does(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
        assert run(["plan", str(FIRST)]) == 0
        assert "亿元/年" in capsys.readouterr().out

    def test_without_arguments_it_shows_the_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        for args in ([], ["--lang", "en"]):
            assert run(args) == 2
            assert "Commands:" in capsys.readouterr().err

    def test_a_closed_pipe_is_no_error(self) -> None:
        command = f"{sys.executable} -m liantu plan {JINCHANG} --all | head -1"
        done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.stderr == ""

    def test_a_poor_terminal_gets_question_marks_not_a_traceback(self) -> None:
        done = liantu("plan", FIRST, "--lang", "zh", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
        assert done.returncode == 0
        assert "?" in done.stdout
        done = liantu("plan", FIRST, "--json", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
        assert '"name_zh": "' in done.stdout  # JSON is UTF-8 all the same


def commands() -> dict[str, typer.core.TyperCommand]:
    """The commands by name."""
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


class TestStartUp:
    """The catalogue is compiled first, as `make` does it: reading it from its source takes Babel."""

    @pytest.fixture(autouse=True)
    def _compiled(self) -> None:
        i18n.compile_catalogues()

    def imported(self, args: list[str], names: set[str]) -> str:
        code = (
            f"import sys; from liantu.cli.entry import run; run({args!r})\n"
            f"print(sorted({names!r} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[-1]

    def test_help_and_version_import_no_engine(self) -> None:
        heavy = {"numpy", "scipy", "polars", "highspy", "rich", "openpyxl", "xlsxwriter", "yaml", "babel"}
        assert self.imported(["--version"], heavy) == "[]"
        assert self.imported(["plan", "--help", "--lang", "zh"], heavy) == "[]"

    def test_a_plan_imports_only_what_it_uses(self) -> None:
        heavy = {"rich", "openpyxl", "xlsxwriter", "yaml", "babel", "django", "pandas", "matplotlib"}
        assert self.imported(["plan", str(JINCHANG), "--json"], heavy) == "[]"


def test_the_language_is_put_back(capsys: pytest.CaptureFixture[str]) -> None:
    with i18n.speaking("zh"):
        run(["plan", str(FIRST), "--lang", "en"])
    assert "Plants" in capsys.readouterr().out
