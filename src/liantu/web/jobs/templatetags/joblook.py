"""Template filters of jobs; loaded for every template."""

from __future__ import annotations

from django import template

from liantu.web.jobs import selectors
from liantu.web.jobs.models import Job

register = template.Library()


@register.filter
def reasons(job: Job) -> list[str]:
    """Why it failed, in sentences."""
    return selectors.reasons(job)
