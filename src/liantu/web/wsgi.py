"""For a server of one's own: `gunicorn liantu.web.wsgi`, with `liantu worker` beside it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.web.settings")
application = get_wsgi_application()
