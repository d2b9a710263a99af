"""A visit is moved, cancelled and handed over as a whole, and everyone concerned is told once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.appointment_booking import Party, Source, VisitFacts, book_appointment
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_handover import reassign_appointment
from booking.domain.appointment_reminders import remind_of_visits
from booking.domain.appointment_rules import change_deadline
from booking.errors import Refused
from booking.models import Account, Appointment, AppointmentChange, Policy
from notifications.models import Message
from scheduler.models import Reservation
from tests.factories import NOW, make_account, make_person, make_room, make_staff
from tests.factories_visits import Practice, make_practice, make_visit, make_window
from tests.racing import at_once

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")


def at(hour: int, day: int = 18) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour), WARSAW).astimezone(UTC)


def book(practice: Practice, starts_at: datetime, by: Account, **facts) -> Appointment:
    wanted = VisitFacts(practice.service, starts_at, specialist_id=practice.specialist.pk, **facts)
    return book_appointment(facts=wanted, person=by.person, by=by, now=NOW, source=Source.DESK)


def move(visit: Appointment, starts_at: datetime, *, now: datetime = NOW, **facts) -> Appointment:
    return move_appointment(appointment_id=visit.pk, wish=Wish(starts_at), now=now, **{"by": None} | facts)


def told(kind: str) -> set:
    return set(Message.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def state(visit: Appointment) -> tuple:
    visit.refresh_from_db()
    held = sorted(Reservation.objects.filter(visit=visit.pk).values_list("resource", "starts_at"), key=str)
    return (visit.status, visit.starts_at, visit.specialist_id, visit.sequence, held, visit.changes.count())


def test_moving_frees_the_old_time_and_tells_both_sides_once():
    practice, mother = make_practice(), make_account()
    visit = book(practice, at(10), mother)
    for _time in range(2):
        moved = move(visit, at(12), by=mother)
    assert (moved.pk, moved.sequence, moved.starts_at) == (visit.pk, 1, at(12))
    assert told("visit_moved") == {mother.person_id, practice.member.person_id}
    assert {each.starts_at for each in Reservation.objects.filter(visit=visit.pk)} == {at(12)}
    assert book(practice, at(10), make_account()).status == "booked"
    was = visit.changes.get(kind="moved").was
    assert datetime.fromisoformat(was["starts_at"]) == at(10)


def test_visit_cannot_move_onto_another_and_stays_as_it_was():
    practice = make_practice()
    visit = book(practice, at(10), make_account())
    book(practice, at(12), make_account())
    before = state(visit)
    with pytest.raises(Refused, match="taken"):
        move(visit, at(12))
    assert state(visit) == before


def test_deadline_is_the_centres_policy_of_that_day():
    visit = book(make_practice(), at(10), make_account())
    assert change_deadline(visit) == datetime.combine(date(2026, 11, 17), time(18), WARSAW)
    Policy.objects.create(key="visit_change_days", value=3, valid_from=date(2026, 11, 1), source="Regulamin § 4")
    assert change_deadline(visit) == datetime.combine(date(2026, 11, 15), time(18), WARSAW)


def test_too_late_the_family_cancels_but_only_staff_moves():
    visit = book(make_practice(), at(10), make_account())
    late = at(20, 17)
    before = state(visit)
    with pytest.raises(Refused) as answer:
        move(visit, at(12), now=late)
    assert (answer.value.refusal.code, state(visit)) == ("late_to_move", before)
    assert move(visit, at(12), now=late, by_staff=True).starts_at == at(12)
    assert cancel_appointment(appointment_id=visit.pk, by=None, now=late).status == "cancelled_late"
    assert not Reservation.objects.filter(visit=visit.pk).exists()


def test_cancelling_twice_tells_once_and_what_the_centre_cancels_is_not_late():
    practice, mother = make_practice(), make_account()
    visit = book(practice, at(10), mother)
    for _time in range(2):
        cancel_appointment(appointment_id=visit.pk, by=None, now=at(9), by_staff=True)
    assert state(visit)[0] == "cancelled"
    assert told("visit_cancelled") == {mother.person_id, practice.member.person_id}
    assert Message.objects.filter(kind="visit_cancelled").count() == len(told("visit_cancelled"))


@pytest.mark.parametrize("change", ["move", "cancel", "reassign"])
def test_what_has_begun_is_not_changed_any_more(change: str):
    practice = make_practice()
    visit = make_visit(practice, at(10))
    other = make_staff("specialist", centre=practice.service.centre)
    before = state(visit)
    calls = {
        "move": lambda: move(visit, at(12), now=at(10), by_staff=True),
        "cancel": lambda: cancel_appointment(appointment_id=visit.pk, by=None, now=at(10)),
        "reassign": lambda: reassign_appointment(
            appointment_id=visit.pk, specialist_id=other.resource_id, by=make_account(), now=at(10)
        ),
    }
    with pytest.raises(Refused) as answer:
        calls[change]()
    assert (answer.value.refusal.code, state(visit)) == ("visit_over", before)


def test_handing_over_tells_client_old_and_new_specialist():
    practice, mother = make_practice(), make_account()
    visit = book(practice, at(10), mother)
    other = make_staff("specialist", centre=practice.service.centre)
    room = make_room(practice.service.centre.timetable)
    make_window(practice.service, specialist=other.resource, room=room)
    desk = make_account()
    given = reassign_appointment(appointment_id=visit.pk, specialist_id=other.resource_id, by=desk, now=NOW)
    assert (given.specialist_id, given.room, given.outside_hours) == (other.resource_id, room, False)
    assert told("visit_reassigned") == {mother.person_id, practice.member.person_id, other.person_id}
    agreed = book(practice, at(10), make_account(), outside_hours=True, reason="Umówione")
    assert agreed.specialist == practice.specialist


def test_who_has_no_hours_then_takes_over_outside_them():
    practice = make_practice()
    visit = book(practice, at(10), make_account())
    other = make_staff("specialist", centre=practice.service.centre)
    given = reassign_appointment(appointment_id=visit.pk, specialist_id=other.resource_id, by=make_account(), now=NOW)
    assert (given.outside_hours, given.room) == (True, practice.room)


def test_parties_move_with_the_visit_and_keep_their_distance():
    practice, second = make_practice(), make_person()
    visit = book(practice, at(10), make_account(), parties=(Party(second, at(10) + timedelta(minutes=15)),))
    move(visit, at(12), by_staff=True)
    assert visit.parties.get().arrives_at == at(12) + timedelta(minutes=15)


def test_one_of_several_sides_cancels_but_the_centre_moves():
    practice, second = make_practice(), make_account()
    visit = book(practice, at(10), make_account(), parties=(Party(second.person),))
    book(practice, at(12), second)  # what the other side does then is nothing to tell the first one
    before = state(visit)
    for hour in (11, 12):
        with pytest.raises(Refused) as answer:
            move(visit, at(hour))
        assert (answer.value.refusal.code, state(visit)) == ("several_sides", before)
    assert move(visit, at(11), by_staff=True).starts_at == at(11)
    assert cancel_appointment(appointment_id=visit.pk, by=None, now=NOW).status == "cancelled"


def test_staff_move_a_visit_to_a_time_agreed_outside_the_hours():
    practice = make_practice()
    visit, other = book(practice, at(10), make_account()), make_room(practice.service.centre.timetable)
    before = state(visit)
    for wish, code in (
        (Wish(at(16), outside_hours=True), "reason_outside_hours"),
        (Wish(NOW - timedelta(hours=1), outside_hours=True, reason="Umówione"), "visit_past"),
    ):
        with pytest.raises(Refused) as answer:
            move_appointment(appointment_id=visit.pk, wish=wish, by=None, now=NOW, by_staff=True)
        assert (answer.value.refusal.code, state(visit)) == (code, before)
    wish = Wish(at(16), outside_hours=True, room_id=other.pk, reason="Umówione z mamą")
    moved = move_appointment(appointment_id=visit.pk, wish=wish, by=None, now=NOW, by_staff=True)
    assert (moved.starts_at, moved.room, moved.outside_hours) == (at(16), other, True)
    assert visit.changes.filter(note="Umówione z mamą").exists()
    assert not Message.objects.filter(kind="visit_moved", facts__note="Umówione z mamą").exists()
    taken = book(practice, at(11), make_account())
    clash = Wish(at(11) + timedelta(minutes=20), outside_hours=True, reason="Umówione")
    before = state(visit)
    with pytest.raises(Refused, match="busy"):
        move_appointment(appointment_id=visit.pk, wish=clash, by=None, now=NOW, by_staff=True)
    assert state(visit) == before
    assert taken.starts_at == at(11)
    assert move(visit, at(12), by_staff=True).outside_hours is False


def test_families_do_not_move_outside_the_hours_nor_home_without_an_address():
    practice = make_practice(facts={"home": True}, home=True)
    visit = book(practice, at(10), make_account())
    before = state(visit)
    for wish, code in (
        (Wish(at(16), outside_hours=True, reason="Chcę"), "slot_taken"),
        (Wish(at(11), mode="home"), "address_missing_for_visit"),
    ):
        with pytest.raises(Refused) as answer:
            move_appointment(appointment_id=visit.pk, wish=wish, by=None, now=NOW)
        assert (answer.value.refusal.code, state(visit)) == (code, before)


def test_colleague_is_replaced_and_both_are_told():
    practice, mother, desk = make_practice(), make_account(), make_account()
    old, new = (make_staff("specialist", centre=practice.service.centre) for _time in range(2))
    visit = book(practice, at(10), mother, colleagues=(old.resource_id,))
    for _time in range(2):
        given = reassign_appointment(
            appointment_id=visit.pk,
            specialist_id=new.resource_id,
            instead_of=old.resource_id,
            by=desk,
            now=NOW,
        )
    assert (given.specialist, list(given.colleagues.all())) == (practice.specialist, [new.resource])
    assert (given.outside_hours, given.sequence) == (False, 1)
    assert told("visit_reassigned") == {mother.person_id, practice.member.person_id, old.person_id, new.person_id}
    assert not Reservation.objects.filter(visit=visit.pk, resource=old.resource).exists()
    before = state(visit)
    with pytest.raises(Refused, match="already"):
        reassign_appointment(appointment_id=visit.pk, specialist_id=new.resource_id, by=desk, now=NOW)
    assert state(visit) == before


def test_visit_is_recalled_once_and_again_when_it_was_moved():
    visit = book(make_practice(), at(10, 25), make_account())
    assert remind_of_visits(now=at(9, 22)) == 0
    assert remind_of_visits(now=at(23, 23)) == 0  # nobody is woken
    assert [remind_of_visits(now=at(12, 23)) for _time in range(2)] == [1, 0]
    move(visit, at(12, 25), now=at(13, 23))
    assert remind_of_visits(now=at(14, 23)) == 0  # she was told of the new hour a moment ago
    assert Message.objects.filter(kind="visit_reminder").count() == 1


@pytest.mark.django_db(transaction=True)
def test_moving_and_cancelling_at_once_end_in_one_of_the_two():
    practice = make_practice()
    visit = book(practice, at(10), make_account())
    at_once(
        [
            lambda: move(visit, at(12)),
            lambda: cancel_appointment(appointment_id=visit.pk, by=None, now=NOW),
        ]
    )
    visit.refresh_from_db()
    held = Reservation.objects.filter(visit=visit.pk).count()
    assert (visit.status, held) == ("cancelled", 0)
    assert AppointmentChange.objects.filter(appointment=visit).count() == visit.sequence + 1
