"""A town or a region: everything secret or local comes from the environment; a missing secret stops the start."""

from config.settings.base import *  # noqa: F403  settings are layered by import
from config.settings.base import CACHES, DATA_DIR, REST_FRAMEWORK, env

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
IDENTITY_KEYS = env.list("IDENTITY_KEYS")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
PUBLIC_URL = env.str("PUBLIC_URL")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

EMAIL_CONFIG = env.email("EMAIL_URL")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
DEMO_ALLOWED = False

# Log-in limits are counted in the cache, so many workers need a shared one.
CACHES["default"] = env.cache("CACHE_URL", default="dbcache://grafik_cache")
REST_FRAMEWORK["NUM_PROXIES"] = env.int("NUM_PROXIES", default=1)  # the proxy that speaks TLS
# Without it every log-in would come from the proxy, and ten wrong passwords of one person would shut everybody out.
ALLAUTH_TRUSTED_PROXY_COUNT = REST_FRAMEWORK["NUM_PROXIES"]
STATIC_ROOT = DATA_DIR / "static"  # filled by manage.py collectstatic
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
