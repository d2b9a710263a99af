from __future__ import annotations

from datetime import date, timedelta

import pytest

from booking.domain.referral_requests import SentFacts, refuse_referral, send_referral, take_in_referral
from booking.domain.retention import delete_refused_referrals
from booking.errors import Refused
from booking.models import Referral, ReferralRequest, Role, StaffRole
from notifications.models import Message
from tests.factories import NOW, TODAY, make_centre, make_family, make_service, make_staff
from tests.factories_safety import make_referral, make_referral_request

pytestmark = pytest.mark.django_db
DUE = TODAY + timedelta(days=14)


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def service(centre):
    return make_service(centre)


@pytest.fixture
def teacher(centre):
    return make_staff(Role.REFERRER, centre=centre).person


@pytest.fixture
def coordinator(centre):
    return make_staff(Role.COORDINATOR, centre=centre).person.account


def send(service, teacher, **facts) -> ReferralRequest:
    usual = {"source": "school", "referrer_name": "SP 2", "given_name": "Jagoda", "family_name": "Wymyślona"}
    wanted = {"phone": "601 234 567", "due_on": DUE, **usual, **facts}
    return send_referral(facts=SentFacts(service=service, **wanted), referrer=teacher, now=NOW)


def code(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.refusal.code


def test_somebody_is_sent_in_and_nobody_is_told(service, teacher):
    sent = send(service, teacher, priority="urgent", birth_date=date(2017, 5, 14))
    assert (str(sent), sent.phone, sent.priority, sent.sent_at) == ("Jagoda Wymyślona", "+48601234567", "urgent", NOW)
    assert not Message.objects.exists()
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"due_on": TODAY - timedelta(days=1)}, "referral_due_past"),
        ({"phone": ""}, "contact_missing"),
        ({"phone": "12"}, "phone_wrong"),
    ],
)
def test_impossible_referrals_are_not_kept(service, teacher, facts, refused):
    assert code(lambda: send(service, teacher, **facts)) == refused
    assert not ReferralRequest.objects.exists()


def test_taking_it_in_makes_a_referral_and_deletes_what_was_sent(centre, service, teacher, coordinator):
    child = make_family(centre).child
    sent = send(service, teacher, priority="soon")
    later = NOW + timedelta(days=20)
    referral = take_in_referral(request_id=sent.pk, person=child, by=coordinator, now=later)
    assert (referral.person, referral.service, referral.priority, referral.referrer) == (
        child,
        service,
        "soon",
        teacher,
    )
    assert referral.due_on == TODAY + timedelta(days=20)
    assert not ReferralRequest.objects.exists()
    assert not Message.objects.exists()
    with pytest.raises(ReferralRequest.DoesNotExist):
        take_in_referral(request_id=sent.pk, person=child, by=coordinator, now=later)
    assert Referral.objects.count() == 1


def test_open_referral_of_hers_stands_in_for_it(centre, service, teacher, coordinator):
    child = make_family(centre).child
    known = make_referral(child, service=service)
    sent = send(service, teacher)
    assert take_in_referral(request_id=sent.pk, person=child, by=coordinator, now=NOW) == known
    assert not ReferralRequest.objects.exists()


def test_refusing_keeps_a_reason_and_no_contact_for_three_months(service, teacher):
    sent = send(service, teacher, contact_name="Mama", email="mama@example.org", birth_date=date(2017, 5, 14))
    assert code(lambda: refuse_referral(request_id=sent.pk, reason=" ", now=NOW)) == "refusal_reason_missing"
    refuse_referral(request_id=sent.pk, reason="Mieszka w innej gminie.", now=NOW)
    sent.refresh_from_db()
    assert (str(sent), sent.refusal, sent.phone, sent.email, sent.contact_name, sent.birth_date) == (
        "Jagoda",
        "Mieszka w innej gminie.",
        "",
        "",
        "",
        None,
    )
    assert delete_refused_referrals(now=NOW + timedelta(days=92)) == 0
    assert delete_refused_referrals(now=NOW + timedelta(days=93)) == 1


def test_what_was_sent_is_seen_by_its_referrer_and_by_who_may_enter_such_referrals(centre, service, teacher):
    service.sensitivity = "sensitive"
    service.save()
    sent = make_referral_request(service, referrer=teacher)
    clerk = make_staff(Role.ORGANISER, centre=centre)
    seen, own = ReferralRequest.objects.of_desk, ReferralRequest.objects.made_by
    assert list(seen(clerk.person.account, TODAY)) == []
    StaffRole.objects.create(member=clerk, role=Role.COORDINATOR)
    assert list(seen(clerk.person.account, TODAY)) == [sent]
    assert list(seen(make_staff(Role.COORDINATOR).person.account, TODAY)) == []
    assert list(own(teacher.account)) == [sent]
    assert list(own(make_staff(Role.REFERRER, centre=centre).person.account)) == []
