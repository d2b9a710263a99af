"""Letters about consents: a place waits for one, it did not come in time, one was withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext

from booking.messages.enrolments import enrolment_told_of, facts_of
from booking.messages.words import at, letter, until
from booking.models import Consent, ConsentHold, ConsentPurpose, Enrolment, StaffRole
from booking.models.activity import Sensitivity
from notifications.kinds import BySms, NothingToTellError, Text, composes
from notifications.models import Message

QUIET = Sensitivity.SENSITIVE


@composes("consent_needed", sms=BySms.BESIDE)
def tell_consent_needed(message: Message, now: datetime) -> Text:
    """Say that the place is held, until when, and where to read and answer."""
    entry = enrolment_told_of(message, now)
    hold = ConsentHold.objects.filter(enrolment=entry, settled_at__isnull=True, until__gt=now).first()
    if hold is None or entry.status != Enrolment.Status.PENDING:
        raise NothingToTellError("the place does not wait for a consent any more")
    zone = entry.group.term.timetable.tz
    return _letter("consent_needed", entry, until=until(hold.until, zone), until_at=at(hold.until, zone))


@composes("consent_expired")
def tell_consent_expired(message: Message, now: datetime) -> Text:
    """Say that the place was given up because no consent came."""
    return _letter("consent_expired", enrolment_told_of(message, now))


@composes("consent_withdrawn")
def tell_consent_withdrawn(message: Message, now: datetime) -> Text:
    """Tell the desk whose consent to what was withdrawn."""
    related = ("child", "given_by", "purpose__centre__timetable")
    consent = Consent.objects.select_related(*related).filter(pk=message.facts["consent"]).first()
    if consent is None:
        raise NothingToTellError("the consent is no longer known")
    centre = consent.purpose.centre
    roles = StaffRole.objects.in_force(timezone.localdate(now)).at_the_desk()
    if not roles.filter(member__person=message.recipient_id, member__centre=centre).exists():
        raise NothingToTellError("the reader does not work here any more")
    facts = {"child": str(consent.child), "purpose": purpose_title(consent.purpose), "name": str(consent.given_by)}
    return letter("consent_withdrawn", facts, centre=centre, zone=centre.timetable.tz)


def purpose_title(purpose: ConsentPurpose) -> str:
    """Return what a consent is for, or nothing that tells it where something sensitive asks for it."""
    of_activity, of_group = Q(activities__sensitivity=QUIET), Q(groups__activity__sensitivity=QUIET)
    asked_by = ConsentPurpose.objects.filter(of_activity | of_group | Q(services__sensitivity=QUIET), pk=purpose.pk)
    return pgettext("neutral name of a consent", "Visits") if asked_by.exists() else purpose.name


def _letter(name: str, entry: Enrolment, **facts: str) -> Text:
    group = entry.group
    return letter(name, {**facts_of(entry), **facts}, centre=group.activity.centre, zone=group.term.timetable.tz)
