"""What every page knows: which city it shows."""

from __future__ import annotations

from django.http import HttpRequest

from liantu.web.atlas import city as provider


def city(request: HttpRequest) -> dict[str, object]:
    """The title of the city; nothing where none is loaded, so that an error page can still be made."""
    try:
        loaded = provider.get()
    except provider.CityNotLoadedError:
        return {"city_title": "", "digest": ""}
    return {"city_title": loaded.title, "digest": loaded.network.digest}
