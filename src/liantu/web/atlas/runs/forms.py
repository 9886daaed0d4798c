"""The scenario form: every override that a scenario file has, each problem at its field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from liantu import i18n, messages
from liantu.chain.network import LEVELS
from liantu.chain.scenario import Scenario
from liantu.chain.scenario_file import scenario_text
from liantu.data.numbers import diagnose, is_plain
from liantu.data.tables import Tables
from liantu.errors import Problem
from liantu.messages import problem
from liantu.web.atlas.runs import scenarios
from liantu.web.atlas.runs.sections import ID, MOST, SECTIONS, Cell, Picks, Section, cells_of, rows_of

LEVEL_NAMES = {"low": _("low prices"), "mid": _("usual prices"), "high": _("high prices")}
SINGLE = ("price_level", "carbon_price", "capital_charge_rate")
FILE_LIMIT = 256 * 1024
LENGTH = 300


@dataclass(frozen=True)
class Shown:
    """A section as the page shows it: rows of (cell, bound field)."""

    section: Section
    cells: tuple[Cell, ...]
    rows: list[list[tuple[Cell, BoundField]]]

    @property
    def filled(self) -> bool:
        """Whether something stands there."""
        return any(field.value() for row in self.rows for _cell, field in row)


class ScenarioForm(forms.Form):
    """A scenario of the city whose tables are given. After `is_valid`, `text` is the scenario's file."""

    name = forms.CharField(label=_("Name"), max_length=80)
    title = forms.CharField(label=_("In a sentence"), max_length=200, required=False)
    price_level = forms.ChoiceField(
        label=_("Price level"),
        required=False,
        choices=[("", _("as the data have it")), *((level, LEVEL_NAMES[level]) for level in LEVELS)],
    )
    carbon_price = forms.CharField(label=_("Carbon price"), max_length=40, required=False)
    capital_charge_rate = forms.CharField(
        label=_("Capital charge a year"),
        max_length=40,
        required=False,
        help_text=_("A share of the investment, such as 0.12."),
    )
    publish = forms.BooleanField(label=_("Show it to all as soon as it is done"), required=False)
    gaps = forms.BooleanField(label=_("Look for its missing links too"), required=False)

    def __init__(
        self,
        data: QueryDict | None,
        tables: Tables,
        *,
        rows: Mapping[str, list[Mapping[str, str]]] | None = None,
        more: str = "",
        may_publish: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.tables, self.picks = tables, Picks(tables)
        self.text = ""
        self._later: list[tuple[str, str]] = []  # errors that don't keep the rest from being looked at
        self._rows = {s.key: _count(data, s.key, rows, more) for s in SECTIONS}
        for section in SECTIONS:
            for i in range(self._rows[section.key]):
                given = (rows or {}).get(section.key, [])
                self._add_row(section, i, given[i] if i < len(given) else {})
        if not may_publish:
            del self.fields["publish"]

    def _add_row(self, section: Section, i: int, given: Mapping[str, str]) -> None:
        for cell in cells_of(section):
            attrs = {"list": f"pick-{cell.pick.replace(' ', '-')}"} if cell.pick and not cell.many else {}
            self.fields[_name(section.key, i, cell.name)] = forms.CharField(
                label=f"{section.title} {i + 1} · {cell.label}",
                max_length=LENGTH,
                required=False,
                initial=given.get(cell.name, ""),
                widget=forms.TextInput(attrs={**attrs, "autocomplete": "off"}),
            )

    @property
    def sections(self) -> Iterator[Shown]:
        """The sections with their rows, for the template."""
        for section in SECTIONS:
            cells = cells_of(section)
            rows = [
                [(c, self[_name(section.key, i, c.name)]) for c in cells]
                for i in range(self._rows[section.key])
            ]
            yield Shown(section, cells, rows)

    @property
    def counts(self) -> Iterator[tuple[str, int]]:
        """How many rows each section has, to be sent along."""
        return ((f"{key}-n", n) for key, n in self._rows.items())

    @property
    def lists(self) -> list[tuple[str, Any]]:
        """The lists that fields are picked from."""
        picks = {c.pick for s in SECTIONS for c in cells_of(s) if c.pick and not c.many}
        return [(f"pick-{pick.replace(' ', '-')}", self.picks.options(pick)) for pick in sorted(picks)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        places: dict[str, str] = {key: key for key in (*SINGLE, "name", "title")}
        stated = self._stated(cleaned, places)
        told = set(self.errors)  # the form's own; the file's reader says the rest at once
        text = yaml.safe_dump(stated, allow_unicode=True, sort_keys=False)
        scenario, problems = scenarios.inspect(text, self.tables)
        for field, error in self._later:
            self.add_error(field, error)
        for p in problems:
            place = _place_of(p, places)
            if p.severity == "error" and place not in told:
                self.add_error(place, said(p))
        if scenario is not None and not self.errors:
            self.text = scenario_text(scenario, self.tables)
        return cleaned

    def _stated(self, cleaned: dict[str, Any], places: dict[str, str]) -> dict[str, Any]:
        """What was filled in as a scenario file has it; `places` learns the field of each key there."""
        out: dict[str, Any] = {k: cleaned[k] for k in ("name", "title", *SINGLE) if cleaned.get(k)}
        for section in SECTIONS:
            seen: dict[str, str] = {}
            for i in range(self._rows[section.key]):
                row = self._row(section, i, cleaned)
                if not any(row.values()):
                    continue
                first = _name(section.key, i, ID)
                if not row[ID]:
                    self.add_error(first, _("Say which."))
                elif row[ID] in seen:
                    self.add_error(first, _("It is named twice."))
                elif "value" in row and not row["value"]:
                    self.add_error(_name(section.key, i, "value"), _("Give a value."))
                else:
                    seen[row[ID]] = first
                    _state(out, section, row, i, places)
                    self._check_value(section, row, i)
        return out

    def _check_value(self, section: Section, row: dict[str, str], i: int) -> None:
        """A value beside a name that is not known: the file's reader would not come to look at it."""
        value = row.get("value", "")
        pick = next(c.pick for c in cells_of(section) if c.name == ID)
        if not value or not pick or row[ID] in self.picks.names(pick).known:
            return
        if not is_plain(value) and not (section.key == "prices" and value in LEVELS):
            code, expected = diagnose(value)
            self._later.append(
                (_name(section.key, i, "value"), said(problem(code, "", found=value, expected=expected)))
            )

    def _row(self, section: Section, i: int, cleaned: dict[str, Any]) -> dict[str, str]:
        return {
            c.name: self.picks.resolved(str(cleaned.get(_name(section.key, i, c.name), "")).strip(), c)
            for c in cells_of(section)
        }


def _state(
    out: dict[str, Any], section: Section, row: dict[str, str], i: int, places: dict[str, str]
) -> None:
    """One row, where a scenario file has it."""
    key, name = section.key, row[ID]
    if key in ("close", "open"):
        out.setdefault(key, []).append(name)
        places[f"{key}:{name}"] = _name(key, i, ID)
    elif key == "add":
        out.setdefault("add", []).append(name)
        places[f"add:{name}"] = _name(key, i, ID)
    elif key == "new_candidate":
        given = {k: v for k, v in row.items() if v}
        out.setdefault("add", []).append(given)
        places[f"add.{name}"] = _name(key, i, ID)
        places |= {f"add.{name}.{column}": _name(key, i, column) for column in row}
    elif key == "new_demand":
        out.setdefault("demand", {})[name] = {k: v for k, v in row.items() if v and k != ID}
        places[f"demand.{name}"] = _name(key, i, ID)
        places |= {f"demand.{name}.{column}": _name(key, i, column) for column in row}
    else:
        out.setdefault(key, {})[name] = row["value"]
        places[f"{key}.{name}"] = _name(key, i, "value")
        places[f"{key}.{name}:unknown_reference"] = _name(key, i, ID)


def _place_of(p: Problem, places: Mapping[str, str]) -> str | None:
    """The field of a problem of a scenario file; None where it is of the whole."""
    key = p.column or ""
    for place in (f"{key}:{p.code}", f"{key}:{p.found}", key):
        if place in places:
            return places[place]
    return None


def said(p: Problem) -> str:
    """What is wrong and what to do about it, in the language of the page."""
    lang: messages.Lang = "zh" if i18n.current_language() == i18n.ZH else "en"
    return f"{messages.what(p, lang)}{'；' if lang == 'zh' else '; '}{messages.fix(p, lang)}"


def _name(section: str, i: int, cell: str) -> str:
    return f"{section}-{i}-{cell}"


def _count(
    data: QueryDict | None, key: str, rows: Mapping[str, list[Mapping[str, str]]] | None, more: str
) -> int:
    """How many rows a section has."""
    if data is not None:
        given = data.get(f"{key}-n", "")
        n = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    else:
        n = len((rows or {}).get(key, []))
    return min(MOST, n + (more == key))


def raw_rows(data: QueryDict) -> dict[str, list[Mapping[str, str]]]:
    """The rows as they were typed."""
    return {
        s.key: [
            {c.name: data.get(_name(s.key, i, c.name), "")[:LENGTH] for c in cells_of(s)}
            for i in range(_count(data, s.key, None, ""))
        ]
        for s in SECTIONS
    }


def initial_of(scenario: Scenario) -> dict[str, Any]:
    """The fields that stand alone."""
    return {
        "name": scenario.name if scenario.name != "base" else "",
        "title": scenario.title,
        "price_level": scenario.price_level,
        "carbon_price": "" if scenario.carbon_price is None else f"{scenario.carbon_price:g}",
        "capital_charge_rate": ""
        if scenario.capital_charge_rate is None
        else f"{scenario.capital_charge_rate:g}",
    }


def filled(scenario: Scenario, tables: Tables, may_publish: bool) -> ScenarioForm:
    """A form that shows a scenario."""
    return ScenarioForm(
        None, tables, rows=rows_of(scenario, tables), initial=initial_of(scenario), may_publish=may_publish
    )


def _file_name(name: str) -> str:
    """The name of an uploaded file as a file may be called here."""
    plain = re.sub(r"[^\w\-]+", "_", name.rpartition(".")[0] or name).strip("_")[:60]
    return f"{plain or 'scenario'}.yaml"


class FileForm(forms.Form):
    """A scenario file; after `is_valid`, `scenario` is what it holds."""

    file = forms.FileField(label=_("Scenario file (YAML)"), max_length=200)

    def __init__(self, data: Any, files: Any, tables: Tables) -> None:
        super().__init__(data, files)
        self.tables = tables
        self.scenario: Scenario | None = None

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > FILE_LIMIT:
            raise forms.ValidationError(_("The file has more than 256 KiB; a scenario is a small file."))
        try:
            text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not text in UTF-8.")) from None
        if not text.strip():
            raise forms.ValidationError(_("The file is empty."))
        self.scenario, problems = scenarios.inspect(text, self.tables, _file_name(upload.name))
        lang: messages.Lang = "zh" if i18n.current_language() == i18n.ZH else "en"
        wrong = [messages.sentence(p, lang) for p in problems if p.severity == "error"]
        if wrong:
            raise forms.ValidationError(wrong)
        return upload
