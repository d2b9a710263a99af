"""Visits over REST: booked once, moved, cancelled, and seen by nobody whom they do not concern."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from booking.models import Account, Appointment, AppointmentParty, ConsentPurpose, ConsentText
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import NOW, Family, make_co_guardian, make_family, make_household, make_service, make_staff
from tests.factories_safety import make_decision
from tests.factories_visits import Practice, make_practice, make_visit
from tests.racing import at_once

pytestmark = pytest.mark.django_db

VISITS = f"{V1}/appointments/"
WARSAW = ZoneInfo("Europe/Warsaw")
CREATED, CONFLICT = 201, 409


def at(hour: int, day: int = 18) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour), WARSAW).astimezone(UTC)


def body(practice: Practice, family: Family, hour: int = 10, **facts: Any) -> dict[str, Any]:
    wanted = {"service": practice.service.pk, "specialist": practice.specialist.pk, "person": family.child.pk}
    return {key: str(value) for key, value in wanted.items()} | {"starts_at": at(hour).isoformat()} | facts


def book(practice: Practice, family: Family, by: Account | None = None, **facts: Any) -> Any:
    key = {"HTTP_IDEMPOTENCY_KEY": facts.pop("key")} if "key" in facts else {}
    return caller(by or family.account).post(VISITS, body(practice, family, **facts), format="json", **key)


def test_visit_is_booked_once_and_the_same_key_gives_the_same_answer():
    practice = make_practice()
    family = make_family(practice.service.centre)
    first, again = (book(practice, family, key="a") for _time in range(2))
    assert (first.status_code, again.status_code) == (CREATED, CREATED)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    visit = Appointment.objects.get()
    assert {key: first.json()[key] for key in ("id", "person", "mode", "status", "sequence", "starts_at")} == {
        "id": str(visit.pk),
        "person": str(family.child.pk),
        "mode": "office",
        "status": "booked",
        "sequence": 0,
        "starts_at": "2026-11-18T10:00:00+01:00",
    }
    problem_of(book(practice, family, hour=11, key="a"), 422, "idempotency_key_reused")


def test_taken_time_is_409_with_the_next_free_ones():
    practice = make_practice()
    family = make_family(practice.service.centre)
    make_visit(practice, at(10))
    answer = problem_of(book(practice, family), CONFLICT, "slot_taken")
    starts = [slot["starts_at"] for slot in answer["slots"][:2]]
    assert starts == ["2026-11-18T11:00:00+01:00", "2026-11-18T12:00:00+01:00"]
    assert not Appointment.objects.filter(person=family.child).exists()


def test_times_at_which_she_is_elsewhere_are_no_way_on():
    practice = make_practice()
    family = make_family(practice.service.centre)
    make_visit(make_practice(), at(10), person=family.child, minutes=90)
    answer = problem_of(book(practice, family), CONFLICT, "visit_clash")
    starts = [slot["starts_at"] for slot in answer["slots"][:2]]
    assert starts == ["2026-11-18T12:00:00+01:00", "2026-11-25T09:00:00+01:00"]


def test_what_no_other_time_helps_carries_no_times():
    practice = make_practice(facts={"sensitivity": "sensitive"})
    family = make_family(practice.service.centre)
    purpose = ConsentPurpose.objects.create(centre=practice.service.centre, name="Pomoc psychologa")
    purpose.services.add(practice.service)
    ConsentText.objects.create(purpose=purpose, version=1, valid_from=NOW.date(), body_pl="Zgadzam się.")
    answer = problem_of(book(practice, family), CONFLICT, "missing_consent")
    assert answer["slots"] == []
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [{"starts_at": "2026-11-18"}, {"starts_at": "soon"}, {"mode": "pigeon"}, {"service": "x"}, {"person": None}],
)
def test_garbage_is_400_and_nothing_is_booked(facts: dict[str, Any]):
    practice = make_practice()
    family = make_family(practice.service.centre)
    assert book(practice, family, **facts).status_code == 400
    assert not Appointment.objects.exists()


def test_fields_that_are_not_the_callers_to_set_change_nothing():
    practice = make_practice()
    family = make_family(practice.service.centre)
    answer = book(practice, family, status="held", sequence=9, outside_hours=True, is_urgent=True, minutes=5)
    assert answer.status_code in {CREATED, 400}
    assert not Appointment.objects.exclude(status="booked", sequence=0, outside_hours=False, is_urgent=False).exists()


def test_strangers_child_and_hidden_service_are_404():
    practice = make_practice()
    family, other = make_family(practice.service.centre), make_family()
    problem_of(book(practice, family, by=other.account), 404, "not_found")
    hidden = make_practice(make_service(practice.service.centre, listed=False))
    problem_of(book(hidden, family), 404, "not_found")


def test_service_of_a_centre_the_family_is_not_of_is_404():
    practice = make_practice()
    family = make_family()
    problem_of(book(practice, family), 404, "not_found")
    make_household(practice.service.centre, [family.guardian, family.child])
    assert book(practice, family).status_code == CREATED


def test_visits_of_others_do_not_exist():
    practice = make_practice()
    family, stranger = make_family(practice.service.centre), make_family()
    visit = make_visit(practice, at(10), person=family.child)
    assert [row["id"] for row in rows_of(caller(family.account).get(VISITS))] == [str(visit.pk)]
    assert rows_of(caller(stranger.account).get(VISITS)) == []
    for address in ("", "cancel/", "move/", "accept/", "decline/", "outcome/"):
        method = caller(stranger.account).post if address else caller(stranger.account).get
        content = {"move/": {"starts_at": at(11).isoformat()}, "outcome/": {"outcome": "held"}}.get(address)
        answer = method(f"{VISITS}{visit.pk}/{address}", content, format="json")
        problem_of(answer, 404, "not_found")
    problem_of(caller().get(VISITS), 401, "not_authenticated")


def test_moving_and_cancelling_can_be_repeated_and_mind_what_was_read():
    practice = make_practice()
    family = make_family(practice.service.centre)
    visit = make_visit(practice, at(10, 25), person=family.child)
    own, address = caller(family.account), f"{VISITS}{visit.pk}/"
    tag = own.get(address)["ETag"]
    for _time in range(2):
        moved = own.post(f"{address}move/", {"starts_at": at(11, 25).isoformat()}, format="json")
        assert (moved.status_code, moved.json()["sequence"]) == (200, 1)
    stale = own.post(f"{address}cancel/", HTTP_IF_MATCH=tag)
    problem_of(stale, 412, "precondition_failed")
    for _time in range(2):
        assert own.post(f"{address}cancel/").json()["status"] == "cancelled"


def test_guardian_who_may_only_look_cannot_cancel():
    practice = make_practice()
    family = make_family(practice.service.centre)
    looker = make_co_guardian(family, can_book=False)
    visit = make_visit(practice, at(10), person=family.child)
    problem_of(caller(looker).post(f"{VISITS}{visit.pk}/cancel/"), 403, "may_not_book")


def test_only_who_gives_the_visit_notes_what_became_of_it():
    practice = make_practice()
    family = make_family(practice.service.centre)
    visit = make_visit(practice, at(9, 11), person=family.child)
    address = f"{VISITS}{visit.pk}/outcome/"
    problem_of(caller(family.account).post(address, {"outcome": "held"}, format="json"), 403, "not_yours")
    specialist = Account.objects.get(person=practice.member.person)
    answer = caller(specialist).post(address, {"outcome": "held", "minutes": 45}, format="json")
    assert answer.json()["status"] == "held"
    visit.refresh_from_db()
    assert visit.minutes == 45


def test_desk_books_beyond_what_families_may():
    practice = make_practice(facts={"online": False})
    family = make_family(practice.service.centre)
    make_household(practice.service.centre, [family.child])
    organiser = Account.objects.get(person=make_staff("organiser", centre=practice.service.centre).person)
    problem_of(book(practice, family), CONFLICT, "visit_by_desk")
    assert book(practice, family, by=organiser).status_code == CREATED


@pytest.mark.parametrize("count", [3, 50])
def test_list_asks_the_same_number_of_questions_for_few_and_many(count: int, django_assert_num_queries):
    practice = make_practice()
    family = make_family(practice.service.centre)
    for number in range(count):
        make_visit(practice, at(10), person=family.child, status="cancelled", sequence=number)
    client = caller(family.account)
    with django_assert_num_queries(3):
        assert len(rows_of(client.get(VISITS, {"limit": 60}))) == count


@pytest.mark.django_db(transaction=True)
def test_thirty_requests_for_one_time_make_one_visit():
    practice = make_practice()
    families = [make_family(practice.service.centre) for _number in range(30)]
    calls = [lambda each=each: book(practice, each).status_code for each in families]
    assert sorted(at_once(calls)) == [CREATED] + [CONFLICT] * 29
    assert Appointment.objects.count() == 1


def test_side_of_a_visit_reads_of_itself_alone():
    practice = make_practice()
    family, other = make_family(practice.service.centre), make_family()
    visit = make_visit(practice, at(10), person=family.guardian)
    AppointmentParty.objects.create(appointment=visit, person=other.guardian, arrives_at=at(10) + timedelta(minutes=20))
    specialist = Account.objects.get(person=practice.member.person)
    seen = {
        who.pk: caller(who).get(f"{VISITS}{visit.pk}/").json() for who in (family.account, other.account, specialist)
    }
    assert [(each["person"], each["starts_at"][11:16]) for each in seen.values()] == [
        (str(family.guardian.pk), "10:00"),
        (str(other.guardian.pk), "10:20"),
        (str(family.guardian.pk), "10:00"),
    ]
    for mine, unseen in ((family, other), (other, family)):
        answer = caller(mine.account).get(VISITS)
        assert str(unseen.guardian.pk) not in answer.content.decode()
        assert rows_of(caller(mine.account).get(VISITS, {"person": str(unseen.guardian.pk)})) == []


def test_refused_move_carries_the_next_free_times():
    practice = make_practice()
    family = make_family(practice.service.centre)
    visit = make_visit(practice, at(9, 25), person=family.child)
    make_visit(practice, at(10, 25))
    address = f"{VISITS}{visit.pk}/move/"
    answer = problem_of(
        caller(family.account).post(address, {"starts_at": at(10, 25).isoformat()}, format="json"),
        CONFLICT,
        "slot_taken",
    )
    assert [slot["starts_at"][:16] for slot in answer["slots"][:2]] == ["2026-11-25T11:00", "2026-11-25T12:00"]
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (at(9, 25), 0)


def test_desk_without_trust_books_no_sensitive_visit_and_nothing_is_left_of_the_try():
    practice = make_practice(facts={"sensitivity": "sensitive"})
    family = make_family(practice.service.centre)
    centre = practice.service.centre
    make_household(centre, [family.guardian])
    clerk, trusted = (make_staff("organiser", centre=centre) for _member in range(2))
    trusted.roles.create(role="confidant")
    facts = {"person": str(family.guardian.pk)}
    problem_of(book(practice, family, by=clerk.person.account, **facts), 404, "not_found")
    assert not Appointment.objects.exists()
    assert book(practice, family, by=trusted.person.account, **facts).status_code == CREATED
    assert book(practice, family, hour=11, **facts).status_code == CREATED  # she herself, as before


def test_clerk_who_is_a_mother_books_for_her_own_as_any_family():
    practice = make_practice(facts={"sensitivity": "sensitive"})
    family = make_family(practice.service.centre)
    make_staff("organiser", centre=practice.service.centre, person=family.guardian)
    answer = book(practice, family, person=str(family.guardian.pk))
    assert answer.status_code == CREATED
    assert Appointment.objects.get().source == "rest"


def test_free_times_of_a_refusal_do_not_leave_out_an_hour_for_a_hidden_visit():
    practice, other = make_practice(), make_practice()
    family = make_family(practice.service.centre)
    father = make_co_guardian(family)
    make_decision(family.child, guardian=father.person, service=other.service)
    make_visit(other, at(11), person=family.child)
    make_visit(practice, at(10))
    hours = {
        name: [
            slot["starts_at"][11:13] for slot in problem_of(book(practice, family, by=by), 409, "slot_taken")["slots"]
        ]
        for name, by in (("mother", family.account), ("father", father))
    }
    assert "11" not in hours["mother"][:2]
    assert hours["father"][:2] == ["11", "12"]
