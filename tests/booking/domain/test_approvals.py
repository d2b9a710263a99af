"""Places that the centre approves."""

from __future__ import annotations

import pytest

from booking.domain.approvals import approve_enrolment, reject_enrolment
from booking.domain.enrolment import enrol_child, withdraw_child
from booking.domain.offers import accept_offer
from booking.errors import Refused
from booking.models import Enrolment, Group, Offer
from notifications.models import Message
from tests.factories import NOW, make_account, make_enrolment, make_family, make_group, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> Enrolment:
    group = make_group(capacity=1, entry=Group.Entry.APPROVAL, waitlist=True)
    family = make_family(group.activity.centre)
    return enrol_child(child=family.child, group=group, by=family.account, now=NOW)


def status(entry: Enrolment) -> str:
    entry.refresh_from_db()
    return entry.status


def told(entry: Enrolment) -> list[str]:
    return list(Message.objects.filter(facts__enrolment=str(entry.pk)).order_by("id").values_list("kind", flat=True))


def test_place_is_held_until_the_centre_approves(asked):
    assert status(asked) == "pending"
    asked.group.refresh_from_db()
    assert asked.group.places_taken == 1
    desk = make_account()
    for _ in range(2):
        approve_enrolment(enrolment_id=asked.pk, by=desk, now=NOW)
    assert status(asked) == "enrolled"
    assert sorted(told(asked)) == ["enrolled", "pending"]
    with pytest.raises(Refused, match="not_pending"):
        reject_enrolment(enrolment_id=asked.pk, reason="", by=desk, now=NOW)


def test_rejected_place_is_told_with_its_reason_and_offered_on(asked):
    waiting = enrol_child(child=make_person(age=8), group=asked.group, by=make_account(), now=NOW)
    reject_enrolment(enrolment_id=asked.pk, reason="za mało godzin", by=make_account(), now=NOW)
    assert (status(asked), status(waiting)) == ("withdrawn", "offered")
    assert Message.objects.get(kind="rejected").facts["reason"] == "za mało godzin"
    with pytest.raises(Refused, match="not_pending"):
        approve_enrolment(enrolment_id=asked.pk, by=make_account(), now=NOW)


def test_offer_of_such_a_group_waits_for_the_approval_too(asked):
    waiting = enrol_child(child=make_person(age=8), group=asked.group, by=make_account(), now=NOW)
    withdraw_child(enrolment_id=asked.pk, now=NOW)
    accept_offer(offer_id=Offer.objects.get().pk, by=None, now=NOW)
    assert status(waiting) == "pending"


def test_desk_enrols_without_asking_itself():
    assert make_enrolment(make_person(), make_group(entry=Group.Entry.APPROVAL)).status == "enrolled"
