"""Django's settings. The viewer has no login and no state: no session, no cookie, no query to a database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from liantu import i18n

i18n.compile_catalogues()  # Django would fall back to English in silence

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]

DEBUG = os.environ.get("LIANTU_DEBUG") == "1"
SECRET_KEY = os.environ.get("LIANTU_SECRET_KEY") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = [*LOOPBACK, *filter(None, os.environ.get("LIANTU_ALLOWED_HOSTS", "").split(","))]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "liantu.web.kit",
    "liantu.web.atlas",
    "liantu.web.exchange",
    "liantu.web.desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "liantu.web.kit.middleware.content_policy",
    "liantu.web.kit.middleware.read_only",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "liantu.web.kit.middleware.speak",
    "django.middleware.common.CommonMiddleware",
    "liantu.web.kit.middleware.RefuseBadParameters",
]
ROOT_URLCONF = "liantu.web.urls"
WSGI_APPLICATION = "liantu.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "liantu.web.atlas.context.city",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "liantu.web.kit.templatetags.figures",
                "liantu.web.kit.templatetags.parts",
                "liantu.web.atlas.templatetags.city",
            ],
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("LIANTU_DATABASE", str(Path("var") / "liantu.sqlite3")),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = i18n.ZH.lower()
LANGUAGES = [(i18n.ZH.lower(), "简体中文"), (i18n.EN, "English")]
LOCALE_PATHS = [i18n.LOCALE_DIR]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 30 * 24 * 3600  # every address carries the hash of its file

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # answered with 400; anyone can cause it
    },
}
