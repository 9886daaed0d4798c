"""What the worker does with figures."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from liantu.web.jobs import Context, job


@job("figures.check_all", background=True)
def check_all(context: Context) -> dict[str, int]:
    """Check every figure against every other."""
    from liantu.web.figures import catalogue, checking

    context.progress(0, 2, gettext_noop("Checking all figures"))
    last = catalogue.rules().last
    found = checking.check_all()
    context.progress(1, 2, gettext_noop("Keeping what was found"))
    with context.commit() as result:
        held = catalogue.locked()
        if held.last != last:  # figures came meanwhile
            found = checking.check_all()
        there, left = checking.keep_all(found)
        result.update(findings=there, gone=left)
    return {}


@job("figures.read")
def read_batch(context: Context, batch: str) -> dict[str, int]:
    """Read the documents of a batch, one after the other; none stops the others."""
    from liantu.errors import InputError
    from liantu.reading.reader import read_bytes
    from liantu.web.casefile import evidence
    from liantu.web.figures import intake
    from liantu.web.figures.models import Document

    rows = Document.objects.unscoped(because="the worker acts for nobody").filter(batch=batch)
    keys = list(rows.filter(status=Document.Status.WAITING).order_by("name").values_list("pk", flat=True))
    counts = {"read": 0, "refused": 0}
    for done, key in enumerate(keys):
        context.progress(done, len(keys), gettext_noop("Reading documents"))
        document = rows.get(pk=key)
        dated = document.dated.isoformat() if document.dated else None
        try:
            content = evidence.path_of(document.sha256).read_bytes()
            reading = read_bytes(content, document.name, date=dated)
            _keep(intake.keep_reading, document, reading)
            counts["read"] += 1
        except InputError as error:
            found = error.problems[0]
            _refuse(key, {"code": found.code, "found": found.found, "expected": found.expected})
            counts["refused"] += 1
        except OSError as error:
            _refuse(key, {"code": "unreadable_file", "found": error.strerror or str(error), "expected": ""})
            counts["refused"] += 1
        except (ValueError, ArithmeticError, LookupError, RecursionError) as error:
            _refuse(key, {"code": "not_a_document", "found": type(error).__name__, "expected": ""})
            counts["refused"] += 1
    return counts


def _keep(keep: Any, document: Any, reading: Any) -> None:
    from django.db import transaction

    with transaction.atomic():
        keep(document, reading)


def _refuse(key: Any, problem: dict[str, str]) -> None:
    from liantu.web.figures.models import Document

    rows = Document.objects.unscoped(because="the worker acts for nobody").filter(pk=key)
    rows.update(status=Document.Status.REFUSED, problem=problem)
