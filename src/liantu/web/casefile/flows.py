"""Flows and their editions: a case keeps the text that it was opened under."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources

from liantu.casework.flow import Flow
from liantu.casework.flow_read import flow_from_yaml
from liantu.errors import LiantuError
from liantu.web.casefile.models import FlowEdition


class FlowChangedError(LiantuError):
    """A flow's text differs from the one kept under the same edition. `params`: flow, edition."""

    code = "flow_changed"


def shipped_text(name: str) -> str:
    """The YAML of a flow that comes with liantu."""
    return resources.files("liantu.casework").joinpath("flows", f"{name}.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def read(text: str) -> Flow:
    """The proved flow of a text. Raises InputError."""
    return flow_from_yaml(text, "flow.yaml")


def latest(name: str) -> Flow:
    """The flow under which cases are opened now."""
    return read(shipped_text(name))


def keep(name: str) -> FlowEdition:
    """The edition under which cases are opened now, kept. Raises FlowChangedError where its text was changed
    without a new edition number."""
    text = shipped_text(name)
    flow, digest = read(text), hashlib.sha256(text.encode()).hexdigest()
    kept, _ = FlowEdition.objects.get_or_create(
        flow=flow.id, edition=flow.edition, defaults={"text": text, "digest": digest}
    )
    if kept.digest != digest and read(kept.text) != flow:
        raise FlowChangedError(flow=flow.id, edition=flow.edition)
    return kept


def of(edition: FlowEdition) -> Flow:
    """The flow of a kept edition."""
    return read(edition.text)
