"""How people are told: who letters and SMS are from, who carries SMS, how links begin."""

from __future__ import annotations

from email.utils import parseaddr

import environ

env = environ.Env()

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Grafik <grafik@localhost>")
# Whom letters are from where the centre must not be named: an address that tells nothing is best.
DISCREET_FROM_EMAIL = env.str("DISCREET_FROM_EMAIL", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
# Who carries SMS: the class of a carrier, or nobody. With a token of SMSAPI it is SMSAPI.
SMSAPI_TOKEN = env.str("SMSAPI_TOKEN", default="")
SMSAPI_URL = env.str("SMSAPI_URL", default="https://api.smsapi.pl/")
SMS_CARRIER = "notifications.channels.smsapi.SmsApi" if SMSAPI_TOKEN else ""
SMS_SENDER = env.str("SMS_SENDER", default="")  # as registered with the carrier; empty is the account's own
# Whom an SMS is from where the centre must not be named; without one the desk tells it.
SMS_DISCREET_SENDER = env.str("SMS_DISCREET_SENDER", default="")
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")  # how links in messages and feeds begin
