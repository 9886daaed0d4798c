"""For a server of one's own: `LIANTU_DATASET=examples/jinchang gunicorn liantu.web.wsgi`."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")
application = get_wsgi_application()

from liantu.web.atlas import city  # noqa: E402 (after Django is set up)

if not os.environ.get("LIANTU_DATASET"):
    raise ImproperlyConfigured("LIANTU_DATASET must name the data package that is shown")
city.load(os.environ["LIANTU_DATASET"])
