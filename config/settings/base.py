"""What every installation shares; nothing here is secret and nothing here is unsafe."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from config.database import database_from_url
from config.settings.telling import *  # noqa: F403  settings are layered by import

env = environ.Env()

ROOT = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(ROOT / "var")))

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, which it patches
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "booking",  # before allauth and schedule, whose templates ours replace
    "scheduler",
    "notifications",
    "allauth",
    "allauth.account",
    "csp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "schedule",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "booking.api.middleware.AnswerProblems",
    "booking.web.middleware.RefuseImpossibleInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "booking.web.middleware.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "booking.web.middleware.ForgetPrivatePages",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "booking.web.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database_from_url(env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'grafik.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- accounts ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "booking.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "booking.web.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the centre, which has met the person
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # the subjects say enough
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# -- languages and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", "Polski"), ("en", "English"), ("uk", "Українська")]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365  # chosen once, not again at each visit
MODELTRANSLATION_DEFAULT_LANGUAGE = "pl"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("pl",)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Warsaw"  # of pages that belong to no centre; a centre's own time comes from its timetable
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [ROOT / "config" / "locale"]  # what libraries say, in our words

# -- files ------------------------------------------------------------------------------------------------------------

NODE_MODULES = ROOT / "node_modules"
STATIC_URL = "static/"
STATICFILES_DIRS = [
    ("bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("event-calendar", NODE_MODULES / "@event-calendar" / "build" / "dist"),
    ("source-sans-3", NODE_MODULES / "@fontsource-variable" / "source-sans-3"),
]

# -- what a browser may do --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],  # data: for Bootstrap's own icons inside its stylesheet
        "manifest-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# -- REST -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "booking.api.authentication.BearerToken",
        "booking.api.authentication.SessionLogin",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "booking.api.authentication.WithinScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["booking.api.limits.RequestLimit"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["booking.api.parsing.StrictJson"],
    "DEFAULT_SCHEMA_CLASS": "booking.api.openapi.Operation",
    "DEFAULT_PAGINATION_CLASS": "booking.api.paging.Pages",
    "DEFAULT_FILTER_BACKENDS": [],
    "EXCEPTION_HANDLER": "booking.api.problems.answer_problem",
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),  # own proxies before us; others may lie about addresses
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNICODE_JSON": True,
    "URL_FORMAT_OVERRIDE": None,
}
# Requests a minute of one account, and of one address without an account; each worker process counts its own, unless
# LIMITS_CACHE_URL names a cache that they share.
API_REQUESTS_A_MINUTE = {
    "account": env.int("API_REQUESTS_A_MINUTE", default=1200),
    "address": env.int("API_ANONYMOUS_REQUESTS_A_MINUTE", default=1200),
}
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "limits": env.cache("LIMITS_CACHE_URL", default="locmemcache://limits?max_entries=100000"),
}
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_LIMIT_PER_USER": 20,
    "AUTO_REFRESH": False,
    "TOKEN_TTL": None,  # every token is given its own end where it is made
}
KNOX_TOKEN_MODEL = "booking.ApiToken"  # noqa: S105  a model, not a token
MIGRATION_MODULES = {"knox": None}  # they would make the table of a token model that ours replaces
SPECTACULAR_SETTINGS = {
    "TITLE": "Grafik",
    "DESCRIPTION": "Timetables, enrolments and appointments of a social-service centre.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # the same description whatever the language it is made in
    "ENUM_NAME_OVERRIDES": {
        "ActivityKind": "booking.models.Activity.Kind",
        "CentreKind": "booking.models.Centre.Kind",
        "ClosureKind": ["holiday", "school_break", "own"],
        "CoverAction": ["substitute", "move", "cancel", "leave"],
        "DroppedKind": ["holiday", "school_break", "own", "leave"],
        "EnrolmentStatus": "booking.models.Enrolment.Status",
        "MessageStatus": "notifications.models.Message.State",
        "OfferKind": "booking.api.offer.KINDS",
        "Recurrence": "scheduler.models.Recurrence",
        "ResourceKind": "scheduler.models.Resource.Kind",
        "SeriesKind": "scheduler.models.Series.Kind",
        "SessionStatus": "scheduler.models.Session.Status",
        "TimeOffKind": "booking.models.TimeOff.Kind",
        "VisitAction": ["hand_over", "offer", "cancel", "leave"],
        "VisitMode": "booking.models.modes.Mode",
        "VisitStatus": "booking.models.Appointment.Status",
    },
}

# -- telling ----------------------------------------------------------------------------------------------------------

MAIL_DIR = DATA_DIR / "mail"  # the rest is in config.settings.telling

# -- personal numbers -------------------------------------------------------------------------------------------------

# What PESEL numbers are sealed with: the first key seals, all of them open. To change it, put a new one in front, run
# manage.py seal_identities, then take the old one away.
IDENTITY_KEYS: list[str] = env.list("IDENTITY_KEYS", default=[])

# -- what the law asks a public site to say ---------------------------------------------------------------------------

# What the accessibility statement names (Act of 4 April 2019, art. 10–11): to be reviewed each year until 31 March.
ACCESSIBILITY_DATES = {
    name: date.fromisoformat(env.str(f"ACCESSIBILITY_{name.upper()}_ON", default="2026-11-02"))
    for name in ("published", "changed", "declared", "reviewed")
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"secrets": {"()": "config.logs.WithoutSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
