"""Giving and withdrawing consent."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from booking.domain.consent_holds import settle_pending
from booking.domain.consents_asked import consents_asked, missing_consents, signers_of
from booking.domain.recipients import desk_of
from booking.errors import Refused, refusal
from booking.locks import lock_person
from booking.models import Account, Consent, ConsentText, Person
from notifications.outbox import enqueue

__all__ = ["give_consent", "missing_consents", "settle_pending", "withdraw_consent"]


@transaction.atomic
def give_consent(  # noqa: PLR0913  a consent is proved by these facts
    *,
    child: Person,
    text: ConsentText,
    given_by: Person,
    language: str,
    by: Account,
    now: datetime,
    signed_on: date | None = None,
    paper_place: str = "",
) -> Consent:
    """Store that `given_by` agreed to these words for `child`; places that only waited for it are given at once.

    On paper `signed_on` and `paper_place` say when it was signed and where it lies. Repeating it changes nothing.
    Raises Refused (`text_changed` when a newer version holds, `may_not_consent`); then nothing has changed.
    """
    child = lock_person(child.pk)
    today = timezone.localdate(now, text.purpose.centre.timetable.tz)
    asked = consents_asked(child=child, purposes=[text.purpose], on=today)
    if not asked or asked[0].text.pk != text.pk:
        raise Refused(refusal("text_changed"))
    if given_by.pk not in {person.pk for person in signers_of(child, today)}:
        raise Refused(refusal("may_not_consent", name=given_by.given_name, child=child.given_name))
    standing = Consent.objects.standing().filter(child=child, text=text, given_by=given_by).first()
    if standing is not None:
        return standing
    consent = Consent.objects.create(
        child=child,
        purpose=text.purpose,
        text=text,
        text_digest=text.digest,
        language=language,
        given_by=given_by,
        way=Consent.Way.PAPER if paper_place else Consent.Way.PAGE,
        given_on=signed_on or today,
        paper_place=paper_place,
        recorded_by=by,
        recorded_at=now,
    )
    settle_pending(child=child, now=now)
    return consent


@transaction.atomic
def withdraw_consent(*, consent_id: uuid.UUID, by: Account, now: datetime) -> Consent:
    """Withdraw an agreement from now on; the desk is told, for a place may rest on it. Repeating changes nothing.

    The caller has made sure that `by` is whoever gave it, or the desk with a paper. Raises Consent.DoesNotExist.
    """
    lock_person(Consent.objects.values_list("child_id", flat=True).get(pk=consent_id))
    consent = Consent.objects.select_related("purpose__centre__timetable").get(pk=consent_id)
    if consent.withdrawn_at is None:
        consent.withdrawn_at, consent.withdrawn_by = now, by
        consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
        centre = consent.purpose.centre
        enqueue(
            recipients=desk_of(centre.pk, on=timezone.localdate(now, centre.timetable.tz)),
            kind="consent_withdrawn",
            facts={"consent": str(consent.pk)},
            cause=f"consent-withdrawn:{consent.pk}",
            now=now,
        )
    return consent
