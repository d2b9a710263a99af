"""A letter counts rights by the day on the wall clock: half an hour after midnight yesterday's right is over."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from booking.domain.appointment_booking import Source, VisitFacts, book_appointment
from booking.messages.appointments import tell_booked
from notifications.kinds import NothingToTellError
from notifications.models import Message
from tests.factories import NOW, TODAY, make_family
from tests.factories_visits import make_practice, wall

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")


def test_right_that_ended_at_midnight_is_over_half_an_hour_later():
    practice, family = make_practice(), make_family()
    facts = VisitFacts(practice.service, wall(10), specialist_id=practice.specialist.pk)
    book_appointment(facts=facts, person=family.child, by=family.account, now=NOW, source=Source.DESK)
    family.child.guardians.update(ends_on=TODAY)
    message = Message.objects.get(kind="visit_booked", recipient_id=family.guardian.pk)
    before = datetime(TODAY.year, TODAY.month, TODAY.day, 23, 30, tzinfo=WARSAW)
    after = datetime.combine(date.fromordinal(TODAY.toordinal() + 1), before.time().replace(hour=0), WARSAW)
    assert tell_booked(message, before).subject
    with pytest.raises(NothingToTellError):
        tell_booked(message, after)
