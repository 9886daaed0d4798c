"""Every address of the viewer. Chinese stands at the root, English under /en/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

handler400 = "liantu.web.kit.errors.bad_request"
handler404 = "liantu.web.kit.errors.not_found"
handler500 = "liantu.web.kit.errors.server_error"

urlpatterns = i18n_patterns(
    path("", include("liantu.web.desk.urls")),
    path("", include("liantu.web.atlas.urls")),
    path("", include("liantu.web.exchange.urls")),
    prefix_default_language=False,
)
