"""One-time codes on paper: the desk hands them to people without e-mail, who log in with them and their number."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from booking.domain.contact_ways import looks_like_phone
from booking.errors import Refused, refusal
from booking.locks import lock_person
from booking.models import Account, LoginCode, Merge, Person, StaffRole

VALID = timedelta(days=14)
DIGITS = 8


@transaction.atomic
def issue_code(*, person: Person, by: Account, now: datetime) -> str:
    """Return a new code for a person's card; her older one ends. Whoever has no account gets one.

    The code is told once and only its keyed hash is kept. It holds for 14 days, for one log-in and five attempts.
    Raises Refused (`card_for_staff`): the desk must not be able to log in as somebody with other rights than its own.
    """
    person = lock_person(person.pk)
    if _works_here(person, now):
        raise Refused(refusal("card_for_staff", person=person))
    _account_of(person)
    LoginCode.objects.filter(person=person, used_at=None, revoked_at=None).update(revoked_at=now)
    code = "".join(secrets.choice("0123456789") for _digit in range(DIGITS))
    LoginCode.objects.create(
        person=person, code_hash=_hash(person, code), issued_by=by, issued_at=now, expires_at=now + VALID
    )
    return code


@transaction.atomic
def open_with_code(*, number: str, code: str, now: datetime) -> Account | None:
    """Return the account that a household number or phone and a code open, and use the code up; None for all else.

    Each wrong code counts as an attempt on every open card of that number, so that guessing ends soon.
    """
    digits = "".join(letter for letter in code if letter.isdigit())
    code_of_home = " ".join(number.split())
    meant = Q(person__households__code__iexact=code_of_home)
    meant |= Q(person__households__in=Merge.objects.homes_once_numbered(code_of_home))
    phone = looks_like_phone(number)
    if phone:
        meant |= Q(person__phone=phone)
    ids = LoginCode.objects.open_at(now).filter(meant).values("pk")
    cards = list(LoginCode.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    for card in cards:
        if constant_time_compare(card.code_hash, _hash(card.person, digits)):
            LoginCode.objects.filter(pk=card.pk).update(used_at=now)
            if _works_here(card.person, now):  # the role was given after the card
                return None
            return Account.objects.filter(person=card.person_id, is_active=True).first()
    LoginCode.objects.filter(pk__in=[card.pk for card in cards]).update(attempts=F("attempts") + 1)
    return None


def _works_here(person: Person, now: datetime) -> bool:
    """Whether somebody has rights of staff, anywhere, or opens the administration pages."""
    roles = StaffRole.objects.in_force(timezone.localdate(now)).filter(member__person=person)
    return roles.exists() or Account.objects.filter(person=person, is_staff=True).exists()


def _account_of(person: Person) -> Account:
    account = Account.objects.filter(person=person).first()
    if account is not None:
        return account
    taken = not person.phone or Account.objects.filter(phone=person.phone).exists()
    return Account.objects.create_user(phone=None if taken else person.phone, person=person, language=person.language)


def _hash(person: Person, code: str) -> str:
    return salted_hmac("booking.login_code", f"{person.pk}:{code}", algorithm="sha256").hexdigest()
