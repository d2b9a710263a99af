from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from booking.domain.subscriptions import (
    MOST_LIVE,
    calendar_address,
    create_subscription,
    revoke_subscription,
    rotate_subscription,
)
from booking.errors import Refused
from booking.models import CalendarSubscription, Role
from booking.models.subscription import token_hash
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_room,
    make_staff,
)

pytestmark = pytest.mark.django_db
Scope = CalendarSubscription.Scope


def refused(**facts) -> str:
    with pytest.raises(Refused) as caught:
        create_subscription(now=NOW, **facts)
    assert not CalendarSubscription.objects.filter(owner=facts["owner"]).exists()
    return caught.value.refusal.code


def test_create_keeps_only_the_hash_of_the_token():
    family = make_family()

    subscription, token = create_subscription(owner=family.account, scope=Scope.HOUSEHOLD, alarm_minutes=30, now=NOW)

    assert len(token) == 43
    stored = CalendarSubscription.objects.get()
    assert (stored.pk, stored.token_hash, stored.alarm_minutes) == (subscription.pk, token_hash(token), 30)
    assert token not in str(stored.__dict__)


@override_settings(PUBLIC_URL="https://grafik.example.org/")
def test_address_is_given_for_download_and_for_subscribing():
    assert calendar_address("abc") == (
        "https://grafik.example.org/calendars/abc.ics",
        "webcal://grafik.example.org/calendars/abc.ics",
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"scope": "everything"}, "unknown_choice"),
        ({"scope": Scope.HOUSEHOLD, "privacy": "none"}, "unknown_choice"),
        ({"scope": Scope.HOUSEHOLD, "alarm_minutes": -1}, "alarm_out_of_range"),
        ({"scope": Scope.HOUSEHOLD, "alarm_minutes": 2**70}, "alarm_out_of_range"),
        ({"scope": Scope.CHILD}, "unknown_subject"),
        ({"scope": Scope.SPECIALIST}, "unknown_subject"),
        *(({"scope": scope, "subject_id": uuid.uuid4()}, "unknown_subject") for scope in Scope.values),
    ],
)
def test_create_refuses_what_does_not_exist(facts, code):
    assert refused(owner=make_family().account, **facts) == code


def test_create_refuses_a_strangers_child_and_household():
    family, stranger = make_family(), make_family()

    for scope, subject in ((Scope.CHILD, stranger.child.pk), (Scope.HOUSEHOLD, stranger.household.pk)):
        assert refused(owner=family.account, scope=scope, subject_id=subject) == "unknown_subject"


def test_create_refuses_a_barred_guardian():
    family = make_family()
    barred = make_co_guardian(family, contact_ban=True)

    assert refused(owner=barred, scope=Scope.CHILD, subject_id=family.child.pk) == "unknown_subject"


def test_create_refuses_the_desk_a_calendar_of_a_family():
    centre = make_centre()
    family = make_family(centre)
    organiser = make_staff(Role.ORGANISER, centre=centre).person.account

    assert refused(owner=organiser, scope=Scope.CHILD, subject_id=family.child.pk) == "unknown_subject"


def test_create_finds_the_specialist_that_the_owner_is():
    member = make_staff(Role.SPECIALIST)

    subscription, _ = create_subscription(owner=member.person.account, scope=Scope.SPECIALIST_BUSY, now=NOW)

    assert (subscription.subject_id, subscription.privacy) == (member.resource_id, "busy")


def test_create_lets_the_organiser_but_no_colleague_follow_a_specialist():
    centre = make_centre()
    specialist = make_staff(Role.SPECIALIST, centre=centre)
    organiser = make_staff(Role.ORGANISER, centre=centre).person.account
    colleague = make_staff(Role.EDUCATOR, centre=centre).person.account

    facts: dict[str, Any] = {"scope": Scope.SPECIALIST, "subject_id": specialist.resource_id}
    create_subscription(owner=organiser, now=NOW, **facts)
    assert refused(owner=colleague, **facts) == "unknown_subject"


def test_create_lets_anyone_follow_rooms_centres_and_public_groups():
    centre = make_centre()
    group = make_group(make_activity(centre))
    owner = make_account()

    for scope, subject in (
        (Scope.ROOM, make_room(centre.timetable).pk),
        (Scope.CENTRE, centre.pk),
        (Scope.GROUP, group.pk),
    ):
        create_subscription(owner=owner, scope=scope, subject_id=subject, now=NOW)


def test_create_refuses_a_closed_group_to_all_but_those_inside():
    centre = make_centre()
    group = make_group(make_activity(centre, sensitivity="sensitive"))
    inside, outside = make_family(centre), make_family(centre)
    make_enrolment(inside.child, group)

    facts: dict[str, Any] = {"scope": Scope.GROUP, "subject_id": group.pk}
    create_subscription(owner=inside.account, now=NOW, **facts)
    create_subscription(owner=make_staff(Role.EDUCATOR, centre=centre).person.account, now=NOW, **facts)
    assert refused(owner=outside.account, **facts) == "unknown_subject"
    assert refused(owner=make_staff(Role.NGO, centre=centre).person.account, **facts) == "unknown_subject"


def test_create_refuses_more_addresses_than_anyone_needs():
    account = make_account()
    made = [create_subscription(owner=account, scope=Scope.HOUSEHOLD, now=NOW)[0] for _ in range(MOST_LIVE)]

    with pytest.raises(Refused) as caught:
        create_subscription(owner=account, scope=Scope.HOUSEHOLD, now=NOW)
    assert caught.value.refusal.code == "too_many_calendars"
    assert str(MOST_LIVE) in str(caught.value.refusal)

    revoke_subscription(owner=account, subscription_id=made[0].pk, now=NOW)
    create_subscription(owner=account, scope=Scope.HOUSEHOLD, now=NOW)


def test_rotate_exchanges_the_secret_and_keeps_the_calendar():
    account = make_account()
    subscription, old = create_subscription(owner=account, scope=Scope.HOUSEHOLD, now=NOW)

    rotated, new = rotate_subscription(owner=account, subscription_id=subscription.pk)

    assert (rotated.pk, new != old) == (subscription.pk, True)
    assert CalendarSubscription.objects.get().token_hash == token_hash(new)


def test_revoke_twice_keeps_the_first_moment():
    account = make_account()
    subscription, _ = create_subscription(owner=account, scope=Scope.HOUSEHOLD, now=NOW)

    for now in (NOW, NOW + timedelta(days=1)):
        revoke_subscription(owner=account, subscription_id=subscription.pk, now=now)

    assert CalendarSubscription.objects.get().revoked_at == NOW


def test_rotate_refuses_a_revoked_calendar():
    account = make_account()
    subscription, token = create_subscription(owner=account, scope=Scope.HOUSEHOLD, now=NOW)
    revoke_subscription(owner=account, subscription_id=subscription.pk, now=NOW)

    with pytest.raises(Refused) as caught:
        rotate_subscription(owner=account, subscription_id=subscription.pk)
    assert caught.value.refusal.code == "calendar_revoked"
    assert CalendarSubscription.objects.get().token_hash == token_hash(token)


def test_strangers_calendar_does_not_exist():
    subscription, token = create_subscription(owner=make_account(), scope=Scope.HOUSEHOLD, now=NOW)
    stranger = make_account()

    with pytest.raises(CalendarSubscription.DoesNotExist):
        rotate_subscription(owner=stranger, subscription_id=subscription.pk)
    with pytest.raises(CalendarSubscription.DoesNotExist):
        revoke_subscription(owner=stranger, subscription_id=subscription.pk, now=NOW)
    stored = CalendarSubscription.objects.get()
    assert (stored.token_hash, stored.revoked_at) == (token_hash(token), None)
