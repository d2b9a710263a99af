"""Refusals of visits tell nobody of a visit that she may not see: neither at the desk, nor in the family."""

from __future__ import annotations

import pytest

from booking.domain.appointment_booking import Source, VisitFacts, book_appointment
from booking.domain.appointment_changes import Wish, move_appointment
from booking.domain.appointment_series import plan_appointments
from booking.errors import Refused
from booking.models import Account, Appointment, Person
from tests.factories import NOW, make_account, make_centre, make_co_guardian, make_family, make_service, make_staff
from tests.factories_safety import make_decision
from tests.factories_staffing import make_time_off
from tests.factories_visits import Practice, make_practice, make_visit, wall

pytestmark = pytest.mark.django_db


def refused(person: Person, practice: Practice, by: Account | None, hour: int = 10, **facts) -> str:
    """Try to book and return the code of the refusal, or nothing."""
    wanted = VisitFacts(practice.service, wall(hour), specialist_id=practice.specialist.pk)
    before = Appointment.objects.count()
    try:
        book_appointment(facts=wanted, person=person, by=by, now=NOW, **facts)
    except Refused as answer:
        assert Appointment.objects.count() == before
        return answer.refusal.code
    return ""


def refused_move(visit: Appointment, hour: int, by: Account | None, **facts) -> tuple[str, str]:
    """Try to move and return the code of the refusal and what it says."""
    with pytest.raises(Refused) as answer:
        move_appointment(appointment_id=visit.pk, wish=Wish(wall(hour)), by=by, now=NOW, **facts)
    started, visit_now = visit.starts_at, Appointment.objects.get(pk=visit.pk)
    assert (visit_now.starts_at, visit_now.sequence) == (started, 0)
    return answer.value.refusal.code, str(answer.value.refusal)


@pytest.mark.parametrize("mover", ["mother", "father"])
def test_moving_names_no_visit_that_is_hidden_from_a_guardian(mover: str):
    family, open_one, hidden_one = make_family(), make_practice(), make_practice()
    father = make_co_guardian(family)
    make_decision(family.child, guardian=father.person, service=hidden_one.service)
    make_visit(hidden_one, wall(11), person=family.child)
    visit = make_visit(open_one, wall(9), person=family.child)
    by = {"mother": family.account, "father": father}[mover]
    code, text = refused_move(visit, 11, by)
    assert code == "slot_taken"
    assert family.child.given_name not in text


def test_family_is_not_told_that_a_colleague_is_away():
    practice, mother = make_practice(), make_account()
    colleague = make_staff("specialist", centre=practice.service.centre)
    wanted = VisitFacts(
        practice.service, wall(9), specialist_id=practice.specialist.pk, colleagues=(colleague.resource.pk,)
    )
    visit = book_appointment(facts=wanted, person=mother.person, by=mother, now=NOW, source=Source.DESK)
    make_time_off(colleague, wall(11), wall(12))
    code, text = refused_move(visit, 11, mother)
    assert (code, colleague.person.family_name in text) == ("slot_taken", False)
    code, text = refused_move(visit, 11, practice.member.person.account, by_staff=True)
    assert (code, str(colleague.resource.name) in text) == ("busy_then", True)


def test_desk_without_trust_hears_of_a_sensitive_visit_only_that_the_time_is_taken():
    centre = make_centre()
    quiet = make_practice(make_service(centre, sensitivity="sensitive", minutes=50, pause_minutes=10, notice_hours=0))
    plain = make_practice(make_service(centre, minutes=50, pause_minutes=10, notice_hours=0))
    family = make_family(centre)
    person, clerk = family.guardian, make_staff("organiser", centre=centre).person.account
    trusted = make_staff("coordinator", centre=centre)
    trusted.roles.create(role="confidant")
    make_visit(quiet, wall(10), person=person)
    make_visit(plain, wall(12), person=person)
    assert refused(person, plain, clerk, source=Source.DESK) == "slot_taken"
    assert refused(person, plain, trusted.person.account, source=Source.DESK) == "visit_clash"
    facts = VisitFacts(plain.service, wall(10), specialist_id=plain.specialist.pk)
    plan = plan_appointments(facts=facts, person=person, starts=[wall(10), wall(12)], by=clerk, now=NOW)
    assert [each.reason.code if each.reason else "" for each in plan] == ["slot_taken", "visit_clash"]


def test_guardian_from_whom_visits_are_hidden_neither_books_them_nor_learns_of_one():
    family, practice = make_family(), make_practice()
    father = make_co_guardian(family)
    make_decision(family.child, guardian=father.person, service=practice.service)
    make_visit(practice, wall(10), person=family.child)
    assert [refused(family.child, practice, father, hour) for hour in (10, 11)] == ["visit_by_desk"] * 2
    assert refused(father.person, practice, father, 11) == ""  # for himself
    assert refused(family.child, practice, family.account, 12) == ""


def test_single_visit_that_is_hidden_is_answered_as_a_taken_time():
    family, practice = make_family(), make_practice()
    father = make_co_guardian(family)
    visit = make_visit(practice, wall(10), person=family.child)
    make_decision(family.child, guardian=father.person, appointment=visit)
    assert refused(family.child, practice, father) == "slot_taken"
    assert refused(family.child, practice, family.account) == ""  # she has it already
