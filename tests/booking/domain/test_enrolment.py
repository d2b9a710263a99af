"""A place is given and given back: once, counted, and told to those who may know."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.models import Enrolment, Group
from notifications.models import Message
from tests.factories import (
    NOW,
    Family,
    make_account,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_person,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def group() -> Group:
    return make_group(capacity=2)


@pytest.fixture
def family(group: Group) -> Family:
    return make_family(group.activity.centre)


def enrol(family: Family, group: Group) -> Enrolment:
    return enrol_child(child=family.child, group=group, by=family.account, now=NOW, note="uczulenie")


def places_taken(group: Group) -> int:
    return Group.objects.values_list("places_taken", flat=True).get(pk=group.pk)


def test_enrolled_child_has_a_place_and_it_is_counted(family, group):
    enrolment = Enrolment.objects.get(pk=enrol(family, group).pk)
    assert (enrolment.status, enrolment.note, enrolment.enrolled_by) == ("enrolled", "uczulenie", family.account)
    assert (enrolment.created_at, enrolment.updated_at) == (NOW, NOW)
    assert places_taken(group) == 1


def test_enrolment_is_told_once_to_every_guardian_who_may_view(family, group):
    co_guardian = make_co_guardian(family)
    make_co_guardian(family, can_view=False)
    make_co_guardian(family, contact_ban=True)
    enrolment = enrol(family, group)
    told = Message.objects.filter(kind="enrolled")
    assert {message.recipient_id for message in told} == {family.guardian.pk, co_guardian.person_id}
    assert {message.facts["enrolment"] for message in told} == {str(enrolment.pk)}
    assert {message.state for message in told} == {"queued"}


def test_withdrawn_child_gives_the_place_back(family, group):
    enrolment = enrol(family, group)
    withdraw_child(enrolment_id=enrolment.pk, now=LATER)
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.updated_at) == ("withdrawn", LATER)
    assert places_taken(group) == 0
    assert Message.objects.filter(kind="withdrawn", recipient_id=family.guardian.pk).count() == 1


def test_withdrawing_twice_is_withdrawing_once(family, group):
    enrolment = enrol(family, group)
    make_enrolment(make_person(age=8), group)
    for _ in range(2):
        assert withdraw_child(enrolment_id=enrolment.pk, now=LATER).status == "withdrawn"
    assert places_taken(group) == 1
    assert Message.objects.filter(kind="withdrawn").count() == 1


def test_child_may_come_back_and_it_is_a_new_enrolment_that_is_told_anew(family, group):
    first = enrol(family, group)
    withdraw_child(enrolment_id=first.pk, now=LATER)
    second = enrol(family, group)
    assert second.pk != first.pk
    assert places_taken(group) == 1
    assert Message.objects.filter(kind="enrolled").count() == 2


def test_unknown_enrolment_is_not_found():
    with pytest.raises(Enrolment.DoesNotExist):
        withdraw_child(enrolment_id=uuid.uuid4(), now=NOW)


def test_failure_after_the_place_was_taken_takes_everything_back(family, group):
    def fail() -> None:
        enrol(family, group)
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        fail()
    assert places_taken(group) == 0
    assert not Message.objects.exists()


def test_enrolling_takes_a_number_of_queries_that_does_not_grow_with_the_group(django_assert_max_num_queries):
    group = make_group(capacity=60)
    for _ in range(50):
        make_enrolment(make_person(age=8), group)
    family, by = make_family(group.activity.centre), make_account()
    with django_assert_max_num_queries(13):
        enrol_child(child=family.child, group=group, by=by, now=NOW)


# -- the nets of the database -----------------------------------------------------------------------------------------


def test_counter_above_the_capacity_is_forbidden(group):
    with pytest.raises(IntegrityError, match="group_is_never_over_capacity"), transaction.atomic():
        Group.objects.filter(pk=group.pk).update(places_taken=3)


def test_second_live_place_of_one_child_is_forbidden(family, group):
    enrol(family, group)
    for status in ("enrolled", "waiting", "offered", "pending"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrolment.objects.create(group=group, child=family.child, status=status, created_at=NOW, updated_at=NOW)


def test_second_place_beside_one_that_is_over_is_allowed(family, group):
    for status in ("withdrawn", "ended", "withdrawn", "enrolled"):
        Enrolment.objects.create(group=group, child=family.child, status=status, created_at=NOW, updated_at=NOW)
    assert Enrolment.objects.live().get().status == "enrolled"
