"""The letter with which somebody who was referred chooses a time."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from booking.messages.enrolments import is_on_paper
from booking.messages.readers import people_told_of_visit
from booking.messages.service_words import service_title
from booking.messages.short_links import address
from booking.messages.words import letter
from booking.models import Person, Referral
from notifications.kinds import BySms, NothingToTellError, Text, composes
from notifications.models import Message


@composes("referral_invited", sms=BySms.BESIDE)
def tell_referral(message: Message, now: datetime) -> Text:
    """Say that a visit can be booked, until when, and by which link; who sent the person is not told."""
    related = ("person", "service__centre__timetable", "appointment")
    referral = Referral.objects.select_related(*related).filter(pk=message.facts["referral"]).first()
    if referral is None or referral.ended_at is not None or referral.is_booked:
        raise NothingToTellError("the referral was settled before the letter was sent")
    centre = referral.service.centre
    on, reader = timezone.localdate(now, centre.timetable.tz), message.recipient_id
    if referral.link_until is None or not referral.is_link_open(on):
        raise NothingToTellError("the invitation was taken back, or is too old, before the letter was sent")
    if not people_told_of_visit(reader, [referral.person_id], service_id=referral.service_id, on=on):
        raise NothingToTellError("the reader may no longer be told of this person")
    link = ""
    if not is_on_paper(message) and Person.objects.booked_by(reader, on).filter(pk=referral.person_id).exists():
        page = reverse("referral-link", args=[referral.secret_for(reader)])
        link = address(message, page, until=datetime.combine(referral.link_until, time.max, centre.timetable.tz))
    facts = {
        "person": "" if reader == referral.person_id else referral.person.given_name,
        "title": service_title(referral.service),
        "until": date_format(referral.due_on, "MONTH_DAY_FORMAT") if referral.due_on >= on else "",
        "link": link,
    }
    return letter("referral_invited", facts, centre=centre, zone=centre.timetable.tz)
