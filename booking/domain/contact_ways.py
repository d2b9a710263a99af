"""How somebody can be reached: one way is enough, and e-mail is never required."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from booking.errors import Refused, refusal
from booking.models import Person

REGION = "PL"  # of numbers written without a country
# Kinds of numbers that take no SMS; one of no known kind may belong to a range newer than the library's list.
TAKES_NO_SMS = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.PAGER,
        PhoneNumberType.VOICEMAIL,
    }
)


def read_phone(text: str) -> str:
    """Return a phone number as +48601234567, whatever way it was written; "" for none. Raises Refused."""
    if not text.strip():
        return ""
    found = _parsed(text)
    if found is None:
        raise Refused(refusal("phone_wrong"))
    return found


def read_mobile(text: str) -> str:
    """Return a number to which an SMS can go as +48601234567; "" for none. Raises Refused (`mobile_wrong`)."""
    if not text.strip():
        return ""
    found = _parsed(text)
    if found is None or phonenumbers.number_type(phonenumbers.parse(found)) in TAKES_NO_SMS:
        raise Refused(refusal("mobile_wrong"))
    return found


def looks_like_phone(text: str) -> str:
    """Return the number in `text` as it is stored, or "" if there is none."""
    return _parsed(text) or ""


def _parsed(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def check_reach(*, reach: str, phone: str, email: str, address: str, note: str) -> None:
    """Make sure that the chosen way leads somewhere. Raises Refused (`phone_missing`, `email_missing`, …)."""
    needed = {
        Person.Reach.PHONE: ("phone_missing", phone),
        Person.Reach.EMAIL: ("email_missing", email),
        Person.Reach.LETTER: ("address_missing", address),
        Person.Reach.SCHOOL: ("school_missing", note),
    }
    code, given = needed[Person.Reach(reach)]
    if not given.strip():
        raise Refused(refusal(code))
