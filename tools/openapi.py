"""Writes docs/openapi.json anew: the document of the programming interface, as a test compares it."""

from __future__ import annotations

import os
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def main() -> None:
    """Write the document of the interface as it is now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")
    import django

    django.setup()
    from liantu.web.reference import text

    FILE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
