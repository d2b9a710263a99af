"""The tests: fast hashing, mail in memory, the engine chosen by DATABASE_URL."""

from config.settings.base import *  # noqa: F403  settings are layered by import
from config.settings.base import DATABASES, env

DEBUG = False
SECRET_KEY = "testing-only-not-a-secret"  # noqa: S105  used by tests alone
IDENTITY_KEYS = ["dGVzdGluZy1vbmx5LW5vdC1hLXNlY3JldC0wMTIzNDU="]
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SMS_CARRIER, SMS_SENDER, SMS_DISCREET_SENDER = "", "Grafik", "Info"  # tests that send SMS name a carrier
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # asks the finders when a file is asked for, instead of listing all for each client
DEMO_ALLOWED = True
ACCOUNT_RATE_LIMITS = False
API_REQUESTS_A_MINUTE = {"account": 1_000_000, "address": 1_000_000}
if env.str("DATABASE_URL", default="").startswith("postgres"):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
