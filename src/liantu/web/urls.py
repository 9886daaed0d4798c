"""Every address of the application. Chinese stands at the root, English under /en/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from liantu.web import gallery, reference
from liantu.web.api import api

handler400 = "liantu.web.kit.errors.bad_request"
handler403 = "liantu.web.kit.errors.forbidden"
handler404 = "liantu.web.kit.errors.not_found"
handler500 = "liantu.web.kit.errors.server_error"

urlpatterns = [
    path("api/v1/openapi.json", reference.document, name="api-document"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("api/", reference.page, name="api-reference"),
        path("gallery/", gallery.gallery, name="gallery"),
        path("", include("liantu.web.tokens.urls")),
        path("", include("liantu.web.people.urls")),
        path("", include("liantu.web.audit.urls")),
        path("", include("liantu.web.desk.urls")),
        path("", include("liantu.web.atlas.urls")),
        path("", include("liantu.web.exchange.urls")),
        path("", include("liantu.web.figures.urls")),
        path("", include("liantu.web.casefile.urls")),
        prefix_default_language=False,
    ),
]
