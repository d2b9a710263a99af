"""A developer's machine and the demo: everything embedded, mail lands in files."""

from config.settings.base import *  # noqa: F403  settings are layered by import
from config.settings.base import DATA_DIR, SMSAPI_TOKEN, env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-not-a-secret-0123456789abcdefghijklmnop")
IDENTITY_KEYS = env.list("IDENTITY_KEYS", default=["ZGV2ZWxvcG1lbnQtb25seS1ub3QtYS1zZWNyZXQtMDE="])
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.list("ALLOWED_HOSTS", default=[])]
EMAIL_BACKEND = "notifications.channels.files.EmailBackend"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email("EMAIL_URL"))  # a mail server or catcher of one's own
if not SMSAPI_TOKEN:
    SMS_CARRIER = "notifications.channels.files.SmsFiles"
    SMS_SENDER, SMS_DISCREET_SENDER = "Grafik", "Info"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Everybody who tries the demo comes from one address, load tests too.
API_REQUESTS_A_MINUTE = {"account": 60_000, "address": 60_000}
DEMO_ALLOWED = True
DATA_DIR.mkdir(parents=True, exist_ok=True)
