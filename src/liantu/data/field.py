"""What a table and its fields are: the vocabulary in which the tables are declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "number", "flag", "id", "date"]


@dataclass(frozen=True)
class Field:
    """One column of a table.

    type        text, id (a key: no spaces, no ; : , !), date (ISO text), number (float), flag (0 or 1)
    unit        of a number, as printed in headers: 'CNY/unit', 't/unit', 'km', '1' for a pure fraction
    required    the column must be there and no cell of it may be blank
    minimum, maximum   inclusive bounds of a number
    enum        the words that are allowed
    references  'table.id' that a cell, or each item of a list cell, must name; 'a.id|b.id' allows either
    default     what a blank cell means to the engine; None: blank stays unknown
    list        the cell holds items separated by ';'
    """

    name: str
    type: FieldType
    en: str
    zh: str
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[str, ...] = ()
    references: str = ""
    default: str | float | bool | None = None
    list: bool = False

    @property
    def description_en(self) -> str:
        """What the field holds, in English."""
        return self.en

    @property
    def description_zh(self) -> str:
        """What the field holds, in Chinese."""
        return self.zh

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the tables that the field may refer to."""
        return tuple(target.split(".")[0] for target in self.references.split("|") if target)


@dataclass(frozen=True)
class Table:
    """A table: its fields in order, its key, and whether a city can be read without it."""

    name: str
    title_en: str
    title_zh: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("id",)
    required: bool = False

    def __post_init__(self) -> None:
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: a field is declared twice")
        if not set(self.key) <= set(names):
            raise ValueError(f"{self.name}: key {self.key} is not among the fields")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no field {name!r}")

    def of_type(self, *types: FieldType) -> tuple[Field, ...]:
        """The fields of these types, in order."""
        return tuple(field for field in self.fields if field.type in types)


QUALITIES = ("measured", "reported", "stoichiometric", "typical", "indicative", "scenario")


def name_fields() -> tuple[Field, ...]:
    """id and the two names that most tables start with."""
    return (
        Field("id", "id", "identifier, unique in the table", "标识，本表内唯一", required=True),
        Field("name_zh", "text", "name in Chinese", "中文名称"),
        Field("name_en", "text", "name in English", "英文名称"),
    )


def quality_field() -> Field:
    """How well the figures of a row are known."""
    return Field(
        "quality",
        "text",
        "how well the row's figures are known: measured, reported (in a source), stoichiometric, typical, "
        "indicative (general knowledge, unverified), scenario (assumed)",
        "数据质量：实测、报道、化学计量、典型、参考（常识，未核实）、情景（假设）",
        enum=QUALITIES,
    )


def source_field() -> Field:
    """Where the figures of a row come from."""
    return Field(
        "source", "id", "where the row's figures come from", "数据出处", references="sources.id", list=True
    )


def note_field() -> Field:
    """A remark."""
    return Field("note", "text", "remark", "备注")
