"""Things with a Chinese and an English name, shown in the language of the page."""

from __future__ import annotations

from dataclasses import dataclass

from liantu import i18n


def chinese() -> bool:
    """Whether the page is in Chinese."""
    return i18n.current_language() == i18n.ZH


@dataclass(frozen=True)
class Named:
    """An identifier with its names; as text, the one of the page's language."""

    id: str
    zh: str
    en: str

    def __str__(self) -> str:
        return (self.zh if chinese() else self.en) or self.id

    @property
    def both(self) -> str:
        """Both names and the identifier, for a search."""
        return f"{self.zh} {self.en} {self.id}".lower()
