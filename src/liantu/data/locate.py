"""From a path to the sheets that lie there: data package, bare directory of CSVs, or workbook."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from liantu.data.csv_in import read_csv
from liantu.data.excel_in import read_workbook
from liantu.data.schema import REQUIRED_TABLES, TABLES, near_names
from liantu.data.sheet import Bundle
from liantu.errors import Problem
from liantu.messages import problem

DESCRIPTOR = "datapackage.json"
EXCEL_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def locate(path: Path) -> tuple[Bundle, list[Problem]]:
    """The sheets at `path`, and what was wrong with the files as files."""
    try:
        bundle, problems = _locate(path)
    except OSError as error:
        name = Path(error.filename).name if isinstance(error.filename, str) else path.name
        return Bundle(), [problem("unreadable_file", name, found=error.strerror or type(error).__name__)]
    if bundle.seen or not problems:  # else nothing could be looked at
        place = path.name if path.is_file() or not (path / DESCRIPTOR).is_file() else DESCRIPTOR
        missing = [name for name in REQUIRED_TABLES if name not in bundle.seen]
        problems += [problem("missing_table", place, expected=name) for name in missing]
    return bundle, problems


def _locate(path: Path) -> tuple[Bundle, list[Problem]]:
    if not path.exists():
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        return Bundle(), [
            problem("no_such_path", str(path), expected=", ".join(near_names(path.name, beside)))
        ]
    if path.is_dir():
        descriptor = path / DESCRIPTOR
        return read_package(descriptor) if descriptor.is_file() else _read_directory(path)
    if path.suffix.lower() == ".json":
        return read_package(path)
    if path.suffix.lower() in EXCEL_SUFFIXES or path.read_bytes()[:4] == b"PK\x03\x04":
        return read_workbook(path)
    return Bundle(), [problem("not_a_city", path.name, found=path.suffix or path.name)]


def _read_directory(directory: Path) -> tuple[Bundle, list[Problem]]:
    """CSVs named as the tables, without a datapackage.json."""
    bundle = Bundle(name=directory.resolve().name)
    problems: list[Problem] = []
    files = csv_files(directory)
    for file in files:
        if file.stem in TABLES:
            _add(bundle, problems, file.stem, file.name, file.read_bytes())
        elif file.suffix.lower() == ".csv" and not file.stem.startswith("x_"):
            near = near_names(file.stem, TABLES)
            problems.append(problem("unknown_table", file.name, found=file.stem, expected=", ".join(near)))
    if not files:
        problems.append(problem("no_tables", directory.name))
    return bundle, problems


def csv_files(directory: Path) -> list[Path]:
    """The files of a folder that may hold tables."""
    suffixes = (".csv", ".tsv", ".txt")
    return sorted(p for p in directory.iterdir() if p.is_file() and p.suffix.lower() in suffixes)


def _add(bundle: Bundle, problems: list[Problem], table: str, file: str, content: bytes) -> None:
    sheet, found = read_csv(content, file=file, table=table)
    problems += found
    bundle.seen.add(table)
    if sheet is not None:
        bundle.sheets.append(sheet)


def read_package(descriptor: Path) -> tuple[Bundle, list[Problem]]:
    """The CSV resources that a datapackage.json lists."""
    bundle = Bundle(name=descriptor.resolve().parent.name)
    try:
        content = json.loads(descriptor.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return bundle, [problem("encoding_unknown", descriptor.name, found=f"byte {error.start}")]
    except (json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        return bundle, [problem("broken_json", descriptor.name, line, found=str(error))]
    resources = content.get("resources") if isinstance(content, dict) else None
    if not isinstance(resources, list) or not all(isinstance(r, dict) for r in resources):
        return bundle, [problem("no_resources", descriptor.name, column="resources")]
    if isinstance(content.get("name"), str) and content["name"]:
        bundle.name = content["name"]
    bundle.about = {k: v for k, v in content.items() if k not in ("name", "resources", "profile", "$schema")}
    problems: list[Problem] = []
    for number, resource in enumerate(resources):
        _read_resource(bundle, problems, descriptor, number, resource)
    return bundle, problems


def _read_resource(
    bundle: Bundle, problems: list[Problem], descriptor: Path, number: int, resource: dict[str, object]
) -> None:
    place, path = f"resources[{number}].path", resource.get("path")
    if isinstance(path, list) and len(path) == 1:
        path = path[0]
    if not isinstance(path, str) or not path:
        problems.append(problem("resource_path", descriptor.name, column=place, found=str(path)))
        return
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "://" in path or "\\" in path or ":" in path:
        problems.append(problem("unsafe_path", descriptor.name, column=place, found=path))
        return
    name = resource.get("name")
    table = name if isinstance(name, str) and name in TABLES else pure.stem
    if table not in TABLES:
        if not table.startswith("x_"):
            found, near = str(name or pure.stem), near_names(table, TABLES)
            problems.append(
                problem("unknown_table", descriptor.name, column=place, found=found, expected=", ".join(near))
            )
        return
    if table in bundle.seen:
        problems.append(problem("duplicate_table", descriptor.name, column=place, found=table))
        return
    file = descriptor.parent / pure
    if not file.is_file() or not file.resolve().is_relative_to(descriptor.parent.resolve()):
        bundle.seen.add(table)
        beside = [p.name for p in descriptor.parent.iterdir()]
        problems.append(
            problem("missing_file", descriptor.name, column=place, found=path,
                    expected=", ".join(near_names(pure.name, beside)))
        )  # fmt: skip
        return
    _add(bundle, problems, table, path, file.read_bytes())
