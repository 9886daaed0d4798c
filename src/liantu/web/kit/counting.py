"""Counting by the minute, in the memory of one process."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable


class PerMinute:
    """How often each key came in the present minute; what is older is forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: dict[Hashable, int] = {}

    def count(self, key: Hashable) -> int:
        """Count it once more; how often it came by now."""
        with self._lock:
            self._turn()
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key]

    def so_far(self, key: Hashable) -> int:
        """How often it came by now."""
        with self._lock:
            self._turn()
            return self._counts.get(key, 0)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._counts.clear()

    def _turn(self) -> None:
        minute = int(time.time() // 60)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
