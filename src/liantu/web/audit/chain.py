"""The chain itself: what an event's HMAC covers, and the walk that finds the first broken link."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from liantu.web.audit.models import Event, Head, Legible

PAGE = 5000
FIELDS = (
    "seq",
    "at",
    "actor",
    "actor_name",
    "action",
    "kind",
    "object",
    "detail",
    "address",
    "before",
    "mac",
)
SAMPLE = 20  # so many wrong events in a row, and a wrong head: it is the key
RENUMBERED = 1000  # how far a gap that was closed by renumbering is looked for


@dataclass(frozen=True)
class Link:
    """An event as it is stored."""

    seq: int
    at: datetime
    actor: int | None
    actor_name: str
    action: str
    kind: str
    object: str
    detail: Any
    address: str
    before: str
    mac: str

    @property
    def whole(self) -> bool:
        """Whether the event is what was recorded."""
        return hmac.compare_digest(mac(self), self.mac)


@dataclass(frozen=True)
class Fault:
    """The first broken link; `kind` is a key of `audit.faults.FAULTS`."""

    kind: str
    seq: int
    to: int = 0  # the last event of a gap
    at: datetime | None = None
    said: str = ""  # what the event now says was done


@dataclass(frozen=True)
class Verdict:
    """What the walk found: how many events hold, the head, and the first fault."""

    events: int
    head: int
    head_mac: str
    fault: Fault | None


def clean(value: Any) -> Any:
    """What both databases give back as it was put in: no NUL, no half characters, whole floats as integers.

    Raises ValueError for what JSON can't say, such as infinity.
    """
    if isinstance(value, str):
        return value.replace("\x00", "␀").encode("utf-8", "replace").decode()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {clean(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def plain(detail: dict[str, Any]) -> dict[str, Any]:
    """The detail as JSON says it: dates and decimals as text."""
    said = json.dumps(clean(detail), cls=Legible, allow_nan=False)
    found: dict[str, Any] = clean(json.loads(said))
    return found


def mac(event: Link | Event) -> str:
    """The HMAC of an event: of everything it says and of the `mac` before it."""
    said = {
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "actor_name": event.actor_name,
        "action": event.action,
        "kind": event.kind,
        "object": event.object,
        "detail": event.detail,
        "address": event.address,
        "before": event.before,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return _hmac(text.encode("utf-8", "replace"))


def seal(seq: int, mac: str) -> str:
    """The HMAC of the head."""
    return _hmac(f"head {seq} {mac}".encode())


def _hmac(said: bytes) -> str:
    return hmac.new(settings.AUDIT_KEY, said, hashlib.sha256).hexdigest()


def links(after: int = 0) -> Iterator[Link]:
    """The events in order, a page at a time: no more of them in memory, no long transaction."""
    while True:
        page = Event.objects.filter(seq__gt=after).order_by("seq").values_list(*FIELDS)[:PAGE]
        for row in page:
            after = row[0]
            yield Link(*row)
        if len(page) < PAGE:
            return


def verify(
    *, known: tuple[int, str] | None = None, progress: Callable[[int, int], None] = lambda done, total: None
) -> Verdict:
    """Walk the chain from its first event. `known` is a link seen before, which must still be there.

    The head is read first: events that are added during the walk are walked too and are no fault.
    """
    head = Head.objects.filter(pk=1).first() or Head()
    last, behind, fault = 0, "", None
    walk = links()
    for link in walk:
        fault = _broken(link, last, behind, head, walk) or _unknown(link, known) or _of_head(link, head)
        if fault is not None:
            break
        last, behind = link.seq, link.mac
        if last % PAGE == 0:
            progress(last, max(last, head.seq))
    fault = fault or _end(last, head, known)
    return Verdict(last, head.seq, head.mac, fault)


def _broken(link: Link, last: int, behind: str, head: Head, walk: Iterator[Link]) -> Fault | None:
    """How this link fails to follow the one before."""
    said: dict[str, Any] = {"at": link.at, "said": link.action}
    if link.seq != last + 1:
        return Fault("missing", last + 1, link.seq - 1)
    if link.whole:
        return None if link.before == behind else Fault("unlinked", link.seq, **said)
    if _renumbered(link):
        return Fault("missing", link.seq, link.seq)
    after = next(walk, None)
    if after is not None and after.before == behind and replace(after, seq=link.seq).whole:
        return Fault("inserted", link.seq, **said)
    if last == 0 and not _sealed(head) and _all_wrong(after, walk):
        return Fault("key", link.seq)
    return Fault("changed", link.seq, **said)


def _renumbered(link: Link) -> bool:
    """Whether the event is whole under a later number: some before it were taken out."""
    return any(replace(link, seq=link.seq + n).whole for n in range(1, RENUMBERED))


def _all_wrong(after: Link | None, walk: Iterator[Link]) -> bool:
    rest = [after, *(link for link, _ in zip(walk, range(SAMPLE), strict=False))]
    return not any(link.whole for link in rest if link is not None)


def _sealed(head: Head) -> bool:
    return hmac.compare_digest(seal(head.seq, head.mac), head.seal)


def _unknown(link: Link, known: tuple[int, str] | None) -> Fault | None:
    if known is None or known[0] != link.seq or link.mac.startswith(known[1]):
        return None
    return Fault("known", link.seq, at=link.at, said=link.action)


def _of_head(link: Link, head: Head) -> Fault | None:
    return Fault("head", head.seq) if link.seq == head.seq and link.mac != head.mac else None


def _end(last: int, head: Head, known: tuple[int, str] | None) -> Fault | None:
    """What is wrong with the end of a walk that found every link whole."""
    fresh = head.seq == 0 and not head.seal
    if (fresh and last) or not (fresh or _sealed(head)):
        return Fault("head", head.seq)
    if last < head.seq:
        return Fault("truncated", last + 1, head.seq)
    if known is not None and known[0] > last:
        return Fault("truncated", last + 1, known[0])
    now = Head.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    return Fault("beyond", now + 1, last) if last > now else None
