"""What every page knows: which city it shows, and which run where it is not the published one."""

from __future__ import annotations

from django.http import HttpRequest

from liantu.web.atlas import city as provider
from liantu.web.atlas.runs import selectors
from liantu.web.kit.naming import Named


def city(request: HttpRequest) -> dict[str, object]:
    """The title of the city and the digest of its tables; nothing before the login or before a plan.

    `other_run` is the run that the address names, where it is not the published one.
    """
    blank: dict[str, object] = {"city_title": "", "digest": "", "other_run": None}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return blank
    loaded: provider.City | None = getattr(request, "_city", None)
    if loaded is not None:
        named = loaded.run is not None and request.GET.get("run")
        other = loaded.run if named and loaded.run != selectors.published() else None
        return {"city_title": loaded.title, "digest": loaded.network.digest, "other_run": other}
    run = selectors.published()
    if run is None:
        return blank
    d = run.version.dataset
    return blank | {"city_title": Named(d.code, d.name_zh, d.name_en), "digest": run.version.digest}
