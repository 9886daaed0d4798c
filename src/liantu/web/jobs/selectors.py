"""What pages say of a job."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from liantu import i18n
from liantu.errors import Problem
from liantu.messages import Lang, sentence
from liantu.web.jobs import registry
from liantu.web.jobs.models import Job


def reasons(job: Job) -> list[str]:
    """Why the job failed, in sentences; empty where it did not."""
    if not job.failure:
        return []
    code, params = job.failure["code"], job.failure["params"]
    if code == "bad_input":
        lang: Lang = "zh" if i18n.current_language() == i18n.ZH else "en"
        return [sentence(Problem(**p), lang) for p in params["problems"]]
    said = registry.sentences.get(code) or _SENTENCES.get(code)
    if said is None:
        return [": ".join((code, ", ".join(f"{name}={value}" for name, value in params.items())))]
    return [said(params)]


def _lost(params: dict[str, Any]) -> str:
    return _("It was given up: its worker was lost %(times)s times while it ran.") % params


def _solver(params: dict[str, Any]) -> str:
    return _("The solver failed: %(reason)s") % params


def _unknown(params: dict[str, Any]) -> str:
    return _("This version does not know this kind of work: %(kind)s.") % params


def _broke(params: dict[str, Any]) -> str:
    return _("Something broke that should not have (%(error)s). The server's log says where.") % params


_SENTENCES = {"worker_lost": _lost, "solver_failed": _solver, "unknown_job": _unknown, "broke": _broke}
