from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.appointment_booking import VisitFacts, book_appointment
from booking.domain.appointment_changes import cancel_appointment
from booking.domain.referrals import (
    ReferralFacts,
    book_by_referral,
    invite_referred,
    refer_person,
    settle_kept_referrals,
    settle_referral,
    take_links_back,
)
from booking.domain.retention import delete_old_referrals
from booking.domain.walk_ins import WalkInFacts, record_walk_in
from booking.errors import Refused
from booking.models import Appointment, CareDecision, Referral, Role, StaffRole
from booking.models.referral import ReferralSecret, read_referral_secret
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.factories import NOW, TODAY, make_co_guardian, make_family, make_person, make_staff
from tests.factories_visits import make_practice

pytestmark = pytest.mark.django_db
DUE = TODAY + timedelta(days=14)
WEDNESDAY_NINE = NOW.replace(day=18, hour=8)


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def family(practice):
    return make_family(practice.service.centre, children=(10,))


@pytest.fixture
def coordinator(practice):
    return make_staff(Role.COORDINATOR, centre=practice.service.centre).person.account


def refer(practice, person, coordinator, **facts) -> Referral:
    facts = {"source": "school", "referrer_name": "SP 2", "due_on": DUE} | facts
    return refer_person(person=person, facts=ReferralFacts(service=practice.service, **facts), by=coordinator, now=NOW)


def book(referral, practice) -> Appointment:
    return book_by_referral(
        referral_id=referral.pk, starts_at=WEDNESDAY_NINE, specialist_id=practice.specialist.pk, by=None, now=NOW
    )


def code(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.refusal.code


def test_referral_is_entered_once_while_it_is_open(practice, family, coordinator):
    first = refer(practice, family.child, coordinator)
    assert refer(practice, family.child, coordinator, priority="urgent") == first
    settle_referral(referral_id=first.pk, outcome="unneeded", now=NOW)
    assert refer(practice, family.child, coordinator) != first


def test_day_that_has_passed_is_refused_and_nothing_is_kept(practice, family, coordinator):
    yesterday = TODAY - timedelta(days=1)
    assert code(lambda: refer(practice, family.child, coordinator, due_on=yesterday)) == "referral_due_past"
    assert not Referral.objects.exists()


def test_invited_guardian_gets_a_link_of_her_own(practice, family, coordinator):
    referral = refer(practice, family.child, coordinator)
    invite_referred(referral_id=referral.pk, now=NOW)
    deliver_due(clock=lambda: NOW)
    message = Message.objects.get(kind="referral_invited")
    secret = referral.secret_for(family.guardian.pk)
    assert f"/v/{secret}/book/" in message.text
    assert "SP 2" not in message.text
    assert read_referral_secret(secret) == ReferralSecret(referral.pk, family.guardian.pk, 0)
    assert read_referral_secret(secret[:-1] + ("a" if secret[-1] != "a" else "b")) is None
    referral.refresh_from_db()
    assert referral.invited_at == NOW


def test_link_opens_until_the_visit_is_due_and_a_month_at_least(practice, family, coordinator):
    soon = refer(practice, family.child, coordinator)
    late = refer(practice, family.guardian, coordinator, due_on=TODAY + timedelta(days=60))
    assert not soon.is_link_open(TODAY)
    for referral, until in ((soon, TODAY + timedelta(days=30)), (late, TODAY + timedelta(days=60))):
        invited = invite_referred(referral_id=referral.pk, now=NOW)
        assert (invited.link_until, invited.is_link_open(until)) == (until, True)
        assert not invited.is_link_open(until + timedelta(days=1))


def test_links_taken_back_open_no_more_and_the_next_one_is_another(practice, family, coordinator):
    referral = refer(practice, family.child, coordinator)
    invite_referred(referral_id=referral.pk, now=NOW)
    first = referral.secret_for(family.guardian.pk)
    for _twice in range(2):
        referral = take_links_back(referral_id=referral.pk)
    assert (referral.link_until, referral.link_number) == (None, 1)
    deliver_due(clock=lambda: NOW)
    assert Message.objects.get(kind="referral_invited").state == "suppressed"
    second = invite_referred(referral_id=referral.pk, now=NOW + timedelta(hours=1)).secret_for(family.guardian.pk)
    assert read_referral_secret(first).number == 0
    assert read_referral_secret(second) == ReferralSecret(referral.pk, family.guardian.pk, 1)


def test_overdue_invitation_asks_to_come_soon(practice, family, coordinator):
    referral = refer(practice, family.child, coordinator)
    later = NOW + timedelta(days=20)
    invite_referred(referral_id=referral.pk, now=later)
    deliver_due(clock=lambda: later)
    assert "Wybierz termin możliwie szybko" in Message.objects.get(kind="referral_invited").text


def test_letter_on_paper_names_a_phone_and_no_link(practice, family, coordinator):
    family.guardian.reach, family.guardian.phone = "phone", "+48601234567"
    family.guardian.save()
    invite_referred(referral_id=refer(practice, family.child, coordinator).pk, now=NOW)
    deliver_due(clock=lambda: NOW)
    message = Message.objects.get(kind="referral_invited")
    assert (message.state, "http" in message.text) == ("at_desk", False)
    assert "Aby go wybrać, zadzwoń do nas" in message.text


def test_guardian_from_whom_it_is_hidden_is_not_invited(practice, family, coordinator):
    father = make_co_guardian(family).person
    facts = {"kind": "hidden", "reference": "x", "starts_on": TODAY, "recorded_at": NOW}
    CareDecision.objects.create(person=family.child, guardian=father, **facts)
    invite_referred(referral_id=refer(practice, family.child, coordinator).pk, now=NOW)
    assert {message.recipient_id for message in Message.objects.all()} == {family.guardian.pk}


def test_visit_is_booked_by_the_link_and_only_once(practice, family, coordinator):
    referral = refer(practice, family.child, coordinator)
    visit = book(referral, practice)
    assert (visit.person, visit.source, visit.status) == (family.child, "link", "booked")
    referral.refresh_from_db()
    assert referral.is_booked
    assert code(lambda: book(referral, practice)) == "referral_over"
    assert code(lambda: invite_referred(referral_id=referral.pk, now=NOW)) == "referral_over"
    assert Appointment.objects.count() == 1


def test_cancelled_visit_opens_the_referral_again(practice, family, coordinator):
    referral = refer(practice, family.child, coordinator)
    cancel_appointment(appointment_id=book(referral, practice).pk, by=None, now=NOW)
    assert list(Referral.objects.unbooked()) == [referral]
    referral.refresh_from_db()
    assert not referral.is_booked
    assert referral.is_overdue(DUE + timedelta(days=1))


def booked_at_desk(practice, person, starts_at=WEDNESDAY_NINE) -> Appointment:
    facts = VisitFacts(service=practice.service, starts_at=starts_at)
    return book_appointment(facts=facts, person=person, by=None, now=NOW, source=Appointment.Source.DESK)


def test_visit_booked_by_another_door_answers_the_referral(practice, family, coordinator):
    referral = refer(practice, family.child, coordinator)
    other = refer(practice, family.guardian, coordinator)
    first = booked_at_desk(practice, family.child)
    second = booked_at_desk(practice, family.child, WEDNESDAY_NINE + timedelta(hours=1))
    referral.refresh_from_db()
    other.refresh_from_db()
    assert (referral.appointment, other.appointment) == (first, None)
    cancel_appointment(appointment_id=first.pk, by=None, now=NOW, by_staff=True)
    referral.refresh_from_db()
    assert (referral.appointment, referral.is_booked) == (second, True)


def test_visit_that_is_booked_already_answers_a_new_referral(practice, family, coordinator):
    visit = booked_at_desk(practice, family.child)
    assert refer(practice, family.child, coordinator).pk in Referral.objects.filter(appointment=visit).values_list(
        "pk", flat=True
    )


def test_who_came_without_an_appointment_has_answered_her_referral(practice, family, coordinator):
    referral = refer(practice, family.child, coordinator)
    facts = WalkInFacts(practice.service, practice.specialist, NOW + timedelta(hours=1), 30, person=family.child)
    record_walk_in(facts=facts, by=coordinator, now=NOW + timedelta(hours=2))
    assert settle_kept_referrals(now=NOW + timedelta(hours=2)) == 1
    referral.refresh_from_db()
    assert referral.outcome == "came"


def test_taken_time_is_refused_and_the_referral_stays_open(practice, family, coordinator):
    book(refer(practice, family.child, coordinator), practice)
    other = refer(practice, make_family(practice.service.centre, children=(9,)).child, coordinator)
    assert code(lambda: book(other, practice)) == "slot_taken"
    other.refresh_from_db()
    assert other.appointment is None


def test_list_is_by_deadline_and_urgency(practice, coordinator):
    facts = [("normal", 3), ("urgent", 5), ("soon", 3), ("urgent", 3)]
    for priority, days in facts:
        person = make_family(practice.service.centre).child
        refer(practice, person, coordinator, priority=priority, due_on=TODAY + timedelta(days=days))
    found = [(each.priority, (each.due_on - TODAY).days) for each in Referral.objects.open().by_deadline()]
    assert found == [("urgent", 3), ("soon", 3), ("normal", 3), ("urgent", 5)]


def test_held_visit_settles_the_referral(practice, family, coordinator):
    referral = refer(practice, family.child, coordinator)
    visit = book(referral, practice)
    assert settle_kept_referrals(now=NOW) == 0
    Appointment.objects.filter(pk=visit.pk).update(status="held")
    assert settle_kept_referrals(now=NOW) == 1
    referral.refresh_from_db()
    assert (referral.outcome, referral.ended_at) == ("came", NOW)


def test_settled_referral_is_deleted_after_a_year(practice, family, coordinator):
    referral = refer(practice, family.child, coordinator)
    settle_referral(referral_id=referral.pk, outcome="declined", now=NOW)
    assert delete_old_referrals(now=NOW + timedelta(days=365)) == 0
    assert delete_old_referrals(now=NOW + timedelta(days=366)) == 1
    assert not Referral.objects.exists()


def test_sensitive_referrals_are_seen_by_the_coordinator_and_the_trusted(family, practice, coordinator):
    practice.service.sensitivity = "sensitive"
    practice.service.save()
    referral = refer(practice, family.child, coordinator)
    clerk = make_staff(Role.ORGANISER, centre=practice.service.centre)
    seen = Referral.objects.of_desk
    assert list(seen(coordinator, TODAY)) == [referral]
    assert list(seen(clerk.person.account, TODAY)) == []
    StaffRole.objects.create(member=clerk, role=Role.CONFIDANT)
    assert list(seen(clerk.person.account, TODAY)) == [referral]
    assert list(seen(make_staff(Role.COORDINATOR).person.account, TODAY)) == []


def test_referrer_sees_her_own_alone(practice, family, coordinator):
    teacher = make_staff(Role.REFERRER, centre=practice.service.centre).person
    own = refer(practice, family.child, coordinator, referrer=teacher)
    refer(practice, make_family(practice.service.centre).child, coordinator, referrer=make_person())
    assert list(Referral.objects.made_by(teacher.account)) == [own]
    assert list(Appointment.objects.visible_to(teacher.account, TODAY)) == []
