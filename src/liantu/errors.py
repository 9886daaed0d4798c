"""Error types. A code and parameters, never a sentence: sentences live in `liantu.messages`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "notice"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in the input, with its place and its fix.

    `row` is the row a person sees in a spreadsheet: the header is row 1, the first record row 2.
    `row` and `column` are None where the problem is the whole file or the whole column.
    A notice is something the reader did and says so; only an error refuses the input.
    """

    file: str
    row: int | None
    column: str | None
    code: str
    found: str
    expected: str
    fix: str
    severity: Severity = "error"

    @property
    def place(self) -> str:
        """'materials.csv:12:price_mid_cny', as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.row, self.column) if part is not None)

    def sort_key(self) -> tuple[str, int, str, str, str]:
        """Order of a listing: file, row, column; what has no row comes before the rows."""
        return (self.file, self.row or 0, self.column or "", self.code, self.found)


class LiantuError(Exception):
    """Base of every error that liantu raises on purpose: a stable code and its parameters."""

    code: str = "liantu_error"

    def __init__(self, code: str | None = None, **params: object) -> None:
        self.code = code if code is not None else type(self).code
        self.params: dict[str, object] = params
        super().__init__(self.code, params)

    def __reduce__(self) -> tuple[object, ...]:
        """As it is, so that an error comes back from another process."""
        return _again, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        params = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}: {params}" if params else self.code


def _again(kind: type[LiantuError], args: tuple[object, ...], state: dict[str, object]) -> LiantuError:
    """The error that `LiantuError.__reduce__` took apart."""
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class InputError(LiantuError):
    """The input can't be used. Carries every problem that was found, not only the first."""

    code = "bad_input"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(problems=len(self.problems))

    def __str__(self) -> str:
        lines = [f"{len(self.problems)} problem(s) in the input"]
        for p in self.problems:
            expected = f"; expected {p.expected}" if p.expected else ""
            found = f" found {p.found!r}" if p.found else ""
            lines.append(f"  {p.place}: {p.code}:{found}{expected}; {p.fix}")
        return "\n".join(lines)


class SolverError(LiantuError):
    """The solver broke down. An infeasible or short plan is a finding, not this error."""

    code = "solver_failed"
