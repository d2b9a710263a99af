"""A visit by the link of its message: opened by the right letters, and only then seen, moved, cancelled, answered."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from booking.domain.appointment_changes import Wish, offer_other_time
from booking.messages.appointments import link_secret
from booking.models import Appointment, AppointmentChange, Person, SlotWatch
from notifications.kinds import COMPOSERS
from notifications.models import Message
from tests.factories import NOW, make_family, make_person, make_service, make_staff
from tests.factories_visits import Practice, make_practice, make_visit

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")


def at(hour: int, day: int = 25) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour), WARSAW).astimezone(UTC)


@pytest.fixture(autouse=True)
def still_clock():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def link(visit: Appointment, reader: Person | None = None) -> str:
    who = reader or visit.person
    assert who is not None
    return reverse("visit-by-link", args=[link_secret(visit.pk, who.pk)])


def visit_of(practice: Practice, *, family_name: str = "Kłobuś", **facts: Any) -> Appointment:
    return make_visit(practice, at(10), person=make_person(family_name=family_name), **facts)


def opened(visit: Appointment, reader: Person | None = None) -> tuple[Client, str]:
    client, address = Client(headers={"accept-language": "en"}), link(visit, reader)
    assert visit.person is not None
    client.post(address, {"letters": visit.person.family_name[:3]})
    return client, address


def test_link_alone_tells_nothing():
    visit = visit_of(make_practice())
    answer = Client().get(link(visit))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert not any(word in text for word in (visit.service.name, visit.specialist.name, "Kłobuś", "10:00"))
    assert (answer["X-Robots-Tag"], "no-store" in answer["Cache-Control"]) == ("noindex", True)


@pytest.mark.parametrize("letters", ["Kło", "klo", "KLOBUS", " kłob "])
def test_first_letters_open_it_with_and_without_diacritics(letters: str):
    visit = visit_of(make_practice())
    client, address = Client(), link(visit)
    assert client.post(address, {"letters": letters}).status_code == 302
    assert "10:00" in client.get(address).content.decode()


def test_short_name_is_written_whole():
    visit = visit_of(make_practice(), family_name="Ek")
    client, address = Client(), link(visit)
    client.post(address, {"letters": "E"})
    assert "10:00" not in client.get(address).content.decode()
    client.post(address, {"letters": "Ek"})
    assert "10:00" in client.get(address).content.decode()


def test_guessing_ends_after_five_tries():
    visit = visit_of(make_practice())
    client, address = Client(), link(visit)
    answers = [client.post(address, {"letters": f"ab{number}"}).status_code for number in range(6)]
    assert answers == [200] * 5 + [429]
    assert client.post(address, {"letters": "Kło"}).status_code == 429


def test_sensitive_visit_is_called_a_visit_here_too():
    practice = make_practice(
        make_service(name="Psychoterapia", sensitivity="sensitive", minutes=50, pause_minutes=10, notice_hours=0)
    )
    client, address = opened(visit_of(practice))
    text = client.get(address).content.decode()
    assert "10:00" in text
    assert not any(word in text for word in ("Psychoterapia", practice.specialist.name, practice.room.name))


def test_visit_is_moved_and_cancelled_only_by_post():
    practice = make_practice()
    visit = visit_of(practice)
    client, address = opened(visit)
    assert client.get(address, {"act": "cancel"}).status_code == 200
    page = client.get(address, {"move": "1"}).content.decode()
    assert at(11).isoformat() in page
    assert at(10).isoformat() not in page  # where it is already
    client.post(address, {"act": "move", "starts_at": at(11).isoformat()})
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (at(11), 1)
    client.post(address, {"act": "cancel"})
    visit.refresh_from_db()
    assert visit.status == "cancelled"
    assert client.get(address).status_code == 200


def test_time_taken_meanwhile_is_explained_and_nothing_changes():
    practice = make_practice()
    visit = visit_of(practice)
    client, address = opened(visit)
    make_visit(practice, at(11))
    answer = client.post(address, {"act": "move", "starts_at": at(11).isoformat()})
    assert answer.status_code == 409
    assert "just been taken" in answer.content.decode()
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (at(10), 0)


@pytest.mark.parametrize(
    "starts_at",
    ["", "soon", "2026-11-25T11:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
)
def test_made_up_time_is_not_found(starts_at: str):
    visit = visit_of(make_practice())
    client, address = opened(visit)
    assert client.post(address, {"act": "move", "starts_at": starts_at}).status_code == 404


def test_earlier_time_is_taken_by_the_link():
    visit = visit_of(make_practice(), status="offered", expires_at=at(10, 17))
    client, address = opened(visit)
    assert "Take this time" in client.get(address).content.decode()
    client.post(address, {"act": "accept"})
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_guardian_opens_it_while_she_may_book_for_the_child():
    family = make_family()
    visit = make_visit(make_practice(), at(10), person=family.child)
    reader = family.account.person
    client, address = opened(visit, reader)
    assert client.get(address).status_code == 200
    family.child.guardians.update(can_book=False)
    assert client.get(address).status_code == 404
    assert Client().get(reverse("visit-by-link", args=["made-up"])).status_code == 404


def offered_instead(practice: Practice) -> Appointment:
    visit = visit_of(practice)
    by = make_staff(centre=practice.service.centre).person.account
    return offer_other_time(appointment_id=visit.pk, wish=Wish(at(11)), by=by, now=NOW)


def test_time_offered_instead_says_what_happened_and_is_taken():
    visit = offered_instead(make_practice())
    client, address = opened(visit)
    text = client.get(address).content.decode()
    assert "Another time for your visit" in text
    assert "An earlier time" not in text
    client.post(address, {"act": "accept"})
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at) == ("booked", at(11))


def test_another_time_than_the_offered_one_is_chosen_by_the_link():
    visit = offered_instead(make_practice())
    client, address = opened(visit)
    assert at(12).isoformat() in client.get(address, {"move": "1"}).content.decode()
    assert client.post(address, {"act": "move", "starts_at": at(14).isoformat()}).status_code == 409
    client.post(address, {"act": "move", "starts_at": at(12).isoformat()})
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at) == ("booked", at(12))


def test_letter_about_another_time_names_both_and_the_way_to_answer():
    visit = offered_instead(make_practice())
    assert visit.person_id is not None
    message = Message.objects.get(kind="visit_offered", recipient_id=visit.person_id)
    with translation.override("en"):
        text = COMPOSERS[message.kind](message, NOW)
    assert all(hour in text.body for hour in ("10:00", "11:00"))
    assert link(visit) in text.body
    assert "cannot take place" in text.body


def test_cancelling_is_asked_for_once_more_with_what_it_means():
    visit = visit_of(make_practice())
    client, address = opened(visit)
    page = client.get(address, {"cancel": "1"}).content.decode()
    assert "You cancel in time" in page
    visit.refresh_from_db()
    assert visit.status == "booked"
    with time_machine.travel(at(20, 24), tick=False):
        page = client.get(address, {"cancel": "1"}).content.decode()
        assert "until Tuesday 24 November, 18:00" in page
        assert "noted as cancelled late" in page
        assert 'name="starts_at"' not in client.get(address, {"move": "1"}).content.decode()
        page = client.post(address, {"act": "cancel"}, follow=True).content.decode()
        assert "noted as cancelled late" in page


def test_one_of_several_sides_reads_that_the_centre_moves_it():
    visit = visit_of(make_practice())
    other = make_person(given_name="Zdzisław", family_name="Nieznany")
    visit.parties.create(person=other, arrives_at=at(10) + timedelta(minutes=20))
    client, address = opened(visit)
    page = client.get(address, {"move": "1"}).content.decode()
    assert "To move it, please call us" in page
    answer = client.post(address, {"act": "move", "starts_at": at(11).isoformat()})
    assert answer.status_code == 409
    theirs = Client(headers={"accept-language": "en"})
    theirs.post(link(visit, other), {"letters": "Nie"})
    for shown, unseen in ((page, ("Zdzisław", "10:20")), (theirs.get(link(visit, other)).content.decode(), ("10:00",))):
        assert not any(word in shown for word in unseen)
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (at(10), 0)


def test_series_is_opened_once_and_leads_to_its_other_dates():
    practice, key = make_practice(), uuid.uuid4()
    person = make_person(family_name="Kłobuś")
    first, second, over = (
        make_visit(practice, at(10, day), person=person, series_key=key, status=status)
        for day, status in ((25, "booked"), (18, "booked"), (11, "held"))
    )
    stranger = make_visit(practice, at(11), series_key=key)
    client, address = opened(first)
    page = client.get(address).content.decode()
    assert link(second) in page
    assert link(over) not in page
    assert link(stranger) not in page
    assert "10:00" in client.get(link(second)).content.decode()


def test_time_that_nobody_took_says_what_stays():
    practice, now = make_practice(), NOW
    visit = visit_of(practice, status="offered", expires_at=NOW - timedelta(minutes=1))
    AppointmentChange.objects.create(appointment=visit, kind="offered", at=now)
    assert visit.person is not None
    booked = make_visit(practice, at(12, 25), person=visit.person)
    SlotWatch.objects.create(
        service=practice.service,
        person=visit.person,
        earlier_than=at(12, 25),
        appointment=booked,
        created_at=now,
    )
    client, address = opened(visit)
    for status in ("offered", "cancelled"):
        Appointment.objects.filter(pk=visit.pk).update(status=status)
        page = client.get(address).content.decode()
        assert "no longer held" in page
        assert "Wednesday 25 November, 12:00 stays" in page
    assert visit not in Appointment.objects.ever_agreed()
    assert booked in Appointment.objects.ever_agreed()
