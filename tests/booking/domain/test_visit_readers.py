from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.appointment_rules import refusal_for_visit
from booking.domain.visit_readers import readers_of_visit
from booking.messages.readers import people_told_of_visit
from booking.models import Appointment, AppointmentParty, CareDecision, Role, StaffRole
from booking.models.activity import Sensitivity
from tests.factories import NOW, TODAY, make_centre, make_co_guardian, make_family, make_service, make_staff
from tests.factories_care import make_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    return make_family(make_centre(), children=(10,))


@pytest.fixture
def father(family):
    return make_co_guardian(family)


@pytest.fixture
def therapy(family):
    return make_service(family.household.centre, name="Psychoterapia", sensitivity=Sensitivity.SENSITIVE)


@pytest.fixture
def visit(family, therapy) -> Appointment:
    member = make_staff(Role.SPECIALIST, centre=therapy.centre)
    return make_visit(family.child, service=therapy, specialist=member.resource)


def hide(family, father, **facts) -> CareDecision:
    facts = {"reference": "III Nsm 12/26", "starts_on": TODAY, "recorded_at": NOW} | facts
    return CareDecision.objects.create(person=family.child, kind="hidden", guardian=father.person, **facts)


def sees(account) -> list[Appointment]:
    return list(Appointment.objects.visible_to(account, TODAY))


def told(visit) -> set[object]:
    return {reader.id for readers in readers_of_visit(visit, on=TODAY).values() for reader in readers}


def test_both_guardians_know_where_nothing_was_decided(family, father, visit):
    assert sees(family.account) == sees(father) == [visit]
    assert told(visit) == {family.guardian.pk, father.person_id}


@pytest.mark.parametrize("of_this_service", [True, False])
def test_hidden_visit_does_not_exist_for_the_other_guardian(family, father, visit, of_this_service):
    hide(family, father, service=visit.service if of_this_service else None)
    assert (sees(family.account), sees(father)) == ([visit], [])
    assert list(Appointment.objects.told_to_family(father, TODAY)) == []
    assert told(visit) == {family.guardian.pk}


def test_decision_about_one_visit_hides_that_one_only(family, father, therapy, visit):
    other = make_visit(family.child, service=therapy, starts_at=visit.starts_at + timedelta(days=7))
    hide(family, father, appointment=visit)
    assert (set(sees(family.account)), sees(father)) == ({visit, other}, [other])
    assert (told(visit), told(other)) == ({family.guardian.pk}, {family.guardian.pk, father.person_id})
    for each, expected in ((visit, []), (other, [family.child]), (None, [family.child])):
        question = {"service_id": therapy.pk, "on": TODAY, "visit_id": each and each.pk}
        assert people_told_of_visit(father.person_id, [family.child.pk], **question) == expected


def test_decision_holds_for_its_service_and_its_time_only(family, father, visit):
    hide(family, father, service=make_service(visit.service.centre))
    hide(family, father, starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1))
    assert sees(father) == [visit]
    assert father.person_id in told(visit)


def test_visit_is_hidden_too_where_the_child_is_a_further_party(family, father, therapy):
    joint = make_visit(make_family(therapy.centre).guardian, service=therapy)
    AppointmentParty.objects.create(appointment=joint, person=family.child)
    hide(family, father)
    assert (sees(family.account), sees(father)) == ([joint], [])
    assert father.person_id not in told(joint)


def test_desk_sees_a_sensitive_visit_only_when_trusted_with_it(family, visit):
    clerk = make_staff(Role.ORGANISER, centre=visit.service.centre)
    open_visit = make_visit(family.child, service=make_service(visit.service.centre, name="Prawnik"))
    assert sees(clerk.person.account) == [open_visit]
    StaffRole.objects.create(member=clerk, role=Role.CONFIDANT)
    assert set(sees(clerk.person.account)) == {open_visit, visit}


def test_trust_of_one_centre_opens_nothing_of_another(family, visit):
    clerk = make_staff(Role.ORGANISER, centre=visit.service.centre)
    elsewhere = make_staff(Role.CONFIDANT, person=clerk.person)
    assert elsewhere.centre != clerk.centre
    assert sees(clerk.person.account) == []


def test_specialist_sees_her_own_visits(visit):
    assert sees(visit.specialist.staff_member.person.account) == [visit]
    assert sees(make_staff(Role.SPECIALIST, centre=visit.service.centre).person.account) == []


def test_what_was_written_down_afterwards_stays_with_staff(family, visit):
    visit.source = Appointment.Source.AFTERWARDS
    visit.save()
    assert sees(family.account) == []
    assert sees(visit.specialist.staff_member.person.account) == [visit]


def test_anonymous_visit_tells_nobody(visit):
    visit.person = None
    visit.save()
    assert told(visit) == set()


def test_stranger_sees_nothing(visit):
    assert sees(make_family(visit.service.centre).account) == []
    assert sees(make_family().account) == []


@pytest.mark.parametrize("single", [True, False])
def test_refusals_online_do_not_tell_of_a_hidden_visit(family, father, visit, single):
    other = make_service(visit.service.centre, name="Prawnik")
    question = {"service": other, "person": family.child, "period": visit.period, "now": NOW, "by": family.account}
    clash = refusal_for_visit(**question)
    hide(family, father, **({"appointment": visit} if single else {"service": visit.service}))
    hidden, at_desk = refusal_for_visit(**question), refusal_for_visit(**question, by_staff=True)
    assert [each.code for each in (clash, hidden, at_desk)] == ["visit_clash", "slot_taken", "visit_clash"]
