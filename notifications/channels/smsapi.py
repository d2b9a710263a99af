"""SMSAPI, a Polish carrier of short messages: handing over through its own client, and reading its receipts."""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from requests import RequestException
from smsapi.client import Client
from smsapi.exception import SmsApiException

from notifications.channels.sms import ShortMessage, SmsNotTakenError, SmsRefusedError
from notifications.models import Message

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
SIGNER = Signer(salt="notifications.sms.receipt", sep=".")
# Of the carrier's codes: what a number or a text has wrong with itself; what the account lacks (a name, leave to send
# links, a valid token, means), which somebody may mend before the next attempt. Everything else is of the moment.
REFUSED = frozenset({8, 11, 12, 13, 57, 59, 76, 112})
OF_THE_ACCOUNT = frozenset({14, 94, 98, 101, 102, 103, 105, 110, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
TAKEN_BEFORE = 53
DELIVERED, UNDELIVERED = "404", frozenset({"402", "405", "406", "407"})


class SmsApi:
    """Hands short messages to SMSAPI."""

    def send(self, sms: ShortMessage) -> None:
        """Hand one over. Answers that make no sense count as not taken; the key keeps a second try from doubling it."""
        client = Client(settings.SMSAPI_URL, access_token=settings.SMSAPI_TOKEN)
        facts = {
            "to": sms.number,
            "message": sms.text,
            "encoding": "utf-8",
            "idx": sms.key,
            "check_idx": 1,
            "timeout": TIMEOUT_SECONDS,
        }
        facts |= {"from_": sms.sender} if sms.sender else {}
        if settings.PUBLIC_URL.startswith("https://"):
            facts["notify_url"] = settings.PUBLIC_URL.rstrip("/") + reverse("sms-receipt", args=[SIGNER.sign(sms.id)])
        try:
            taken = list(client.sms.send(**facts))
        except SmsApiException as failure:
            _sort_out(failure)
            return
        except RequestException as failure:
            raise SmsNotTakenError(f"the carrier did not answer: {type(failure).__name__}") from failure
        except (AttributeError, TypeError) as failure:  # what the client's own reading makes of an odd answer
            raise SmsNotTakenError("the carrier's answer could not be read") from failure
        if not taken or not taken[0].id or taken[0].error:
            raise SmsNotTakenError("the carrier's answer could not be read")


def message_of_receipt(secret: str) -> str | None:
    """Return the id of the message that a receipt's address was made for, or None for an address nobody made."""
    try:
        return SIGNER.unsign(secret)
    except BadSignature:
        return None


def read_receipt(status: str) -> Message.Receipt:
    """Return what a status of the carrier says: arrived, will never arrive, or nothing yet.

    One address is for one message, so of several statuses at once, parted by commas, the last one counts.
    """
    code = status.rsplit(",", 1)[-1].strip()
    if code == DELIVERED:
        return Message.Receipt.DELIVERED
    return Message.Receipt.UNDELIVERED if code in UNDELIVERED else Message.Receipt.NONE


def _sort_out(failure: SmsApiException) -> None:
    """Raise what a refusal of the carrier means for us; nothing where it says that it has taken the message before."""
    code = failure.code if isinstance(failure.code, int) else 0
    if code == TAKEN_BEFORE:
        return
    if code in REFUSED:
        raise SmsRefusedError(f"SMSAPI {code}: {failure.message}") from failure
    if code in OF_THE_ACCOUNT:
        logger.error("SMSAPI takes no messages, code %s: please look into the account", code)
    raise SmsNotTakenError(f"SMSAPI {code}") from failure
