"""Rights of staff follow roles: who has left opens nothing any more, though her name stays in the timetable."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.appointment_booking import Source, VisitFacts, book_appointment
from booking.messages.appointments import tell_booked
from booking.models import Account, Appointment, StaffMember, StaffRole
from booking.models.opening_window import OpeningWindow
from notifications.kinds import NothingToTellError
from notifications.models import Message
from tests.booking.api.callers import V1, caller
from tests.factories import NOW, TODAY, make_account
from tests.factories_visits import Practice, make_practice, make_visit, wall

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(NOW, tick=False):
        yield


def left(practice: Practice) -> Account:
    """Let the specialist's work end yesterday."""
    StaffRole.objects.filter(member=practice.member).update(ends_on=YESTERDAY)
    account: Account = practice.member.person.account
    return account


def test_diary_is_kept_while_a_role_is_held():
    practice = make_practice()
    account = practice.member.person.account
    assert list(StaffMember.objects.diaries_of(account, TODAY)) == [practice.member]
    StaffRole.objects.update(ends_on=TODAY)
    assert StaffMember.objects.diaries_of(account, TODAY).exists()
    assert not StaffMember.objects.diaries_of(account, TODAY + timedelta(days=1)).exists()


def test_who_has_left_sees_no_visit_and_keeps_no_hours():
    practice = make_practice()
    visit = make_visit(practice, wall(10))
    account = left(practice)
    assert not Appointment.objects.visible_to(account, TODAY).exists()
    assert not OpeningWindow.objects.kept_by(account, TODAY).exists()
    client = Client()
    client.force_login(account)
    pages = [reverse(name) for name in ("diary", "windows", "diary-time-off", "walk-in", "diary-outcomes")]
    pages += [reverse("diary-visit", args=[visit.pk]), reverse("window", args=[practice.window.pk])]
    assert {client.get(page).status_code for page in pages} == {404}
    rest = caller(account)
    assert rest.get(f"{V1}/appointments/{visit.pk}/").status_code == 404
    assert rest.post(f"{V1}/appointments/{visit.pk}/cancel/", {}, format="json").status_code == 404
    assert rest.get(f"{V1}/appointments/").json()["results"] == []
    assert rest.get(f"{V1}/diary/", {"from": "2026-11-16", "to": "2026-11-22"}).json()["results"] == []
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_letter_about_a_visit_is_not_sent_to_who_has_left():
    practice, client = make_practice(), make_account()
    facts = VisitFacts(practice.service, wall(10), specialist_id=practice.specialist.pk)
    book_appointment(facts=facts, person=client.person, by=client, now=NOW, source=Source.DESK)
    message = Message.objects.get(kind="visit_booked", recipient_id=practice.member.person_id)
    assert tell_booked(message, NOW).subject
    left(practice)
    with pytest.raises(NothingToTellError):
        tell_booked(message, NOW)
