"""Django's settings. What an installation chooses comes from the environment."""

from __future__ import annotations

import os

from django.urls import reverse_lazy

from liantu import i18n
from liantu.web.accounts import security
from liantu.web.kit import environment

i18n.compile_catalogues()  # Django would fall back to English in silence

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]

DEBUG = environment.flag("LIANTU_DEBUG")
SECRET_KEY = environment.key("secret_key")
AUDIT_KEY = environment.key("audit_key").encode()
ALLOWED_HOSTS = [*LOOPBACK, *filter(None, os.environ.get("LIANTU_ALLOWED_HOSTS", "").split(","))]

DEMO = environment.flag("LIANTU_DEMO")
SECURITY = security.profile(os.environ.get("LIANTU_SECURITY") or ("demo" if DEMO else "standard"))
HTTPS = environment.flag("LIANTU_HTTPS")  # people reach the pages by https
PROXIES = environment.count("LIANTU_PROXIES")  # so many of our own proxies stand in front

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "liantu.web.people",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "liantu.web.kit",
    "liantu.web.accounts",
    "liantu.web.audit",
    "liantu.web.tokens",
    "liantu.web.jobs",
    "liantu.web.casefile",
    "liantu.web.atlas",
    "liantu.web.exchange",
    "liantu.web.figures",
    "liantu.web.desk",
]
MIDDLEWARE = [
    "liantu.web.kit.client.remember_address",
    "django.middleware.security.SecurityMiddleware",
    "liantu.web.kit.middleware.content_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "liantu.web.kit.middleware.speak",
    "liantu.web.kit.bodies.limit_bodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "liantu.web.accounts.sessions.idle_logout",
    "allauth.account.middleware.AccountMiddleware",
    "liantu.web.accounts.access.Guard",
    "liantu.web.kit.middleware.RefuseBadParameters",
    "liantu.web.atlas.middleware.CityOfRequest",
    "liantu.web.atlas.keeping.keep_run",
    "axes.middleware.AxesMiddleware",
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
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liantu.web.menu.menu",
                "liantu.web.atlas.context.city",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "liantu.web.kit.templatetags.figures",
                "liantu.web.kit.templatetags.parts",
                "liantu.web.jobs.templatetags.joblook",
                "liantu.web.kit.templatetags.components",
                "liantu.web.audit.templatetags.audited",
                "liantu.web.atlas.templatetags.city",
            ],
        },
    }
]
DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses before anything is hashed
    "liantu.web.accounts.backend.Backend",
]
PASSWORD_HASHERS = ["liantu.web.accounts.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = security.password_validators()
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("desk")
LOGOUT_REDIRECT_URL = LOGIN_URL
# views of other packages: module -> what `accounts.access` asks for; the API has tokens of its own
ACCESS_BY_MODULE: dict[str, str] = {"ninja.": "open"}

ACCOUNT_ADAPTER = "liantu.web.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a closed browser is logged out
ACCOUNT_USER_DISPLAY = str
ACCOUNT_FORMS = {"login": "liantu.web.people.forms.login.LoginForm"}
ACCOUNT_RATE_LIMITS = {"login": False}  # axes counts these; codes and reauthentication stay allauth's
MFA_ADAPTER = "liantu.web.people.adapter.SecondFactorAdapter"
MFA_FORMS = {"authenticate": "liantu.web.people.forms.login.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "liantu"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "liantu.web.accounts.lockout.limit"
AXES_COOLOFF_TIME = "liantu.web.accounts.lockout.duration"
AXES_USERNAME_CALLABLE = "liantu.web.accounts.lockout.login_of"
AXES_CLIENT_IP_CALLABLE = "liantu.web.kit.client.address_of"
AXES_LOCKOUT_CALLABLE = "liantu.web.people.views.entrance.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # what an address did is counted over all its logins
AXES_DISABLE_ACCESS_LOG = True  # who logged in is an audit event
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_NAME = "__Host-liantu" if HTTPS else "liantu"
SESSION_COOKIE_AGE = 24 * 3600  # s; `accounts.sessions` ends it sooner
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
if HTTPS and PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # the city's other hosts under the same domain are not ours to bind to https
    "security.W021",
]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # shared by all processes: a code that one has seen used is used for the others
    }
}

LANGUAGE_CODE = i18n.ZH.lower()
LANGUAGES = [(i18n.ZH.lower(), "简体中文"), (i18n.EN, "English")]
LOCALE_PATHS = [i18n.LOCALE_DIR]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

OUTLINE_FILE = os.environ.get("LIANTU_OUTLINE", "")  # the city's own GeoJSON, drawn under the map view

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 30 * 24 * 3600  # every address carries the hash of its file

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # a scenario with many rows; a row of the tables has four a column
DATA_UPLOAD_MAX_NUMBER_FILES = 510  # documents that are read together: 500
LARGEST_BODY = 65 * 2**20  # bytes: an upload of 64 MiB and what stands around it

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "axes": {"level": "CRITICAL"},  # what it would say is an audit event
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # answered with 400; anyone can cause it
    },
}
