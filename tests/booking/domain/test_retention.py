from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.login_codes import issue_code
from booking.domain.retention import (
    delete_ended_login_codes,
    delete_ended_tokens,
    delete_old_answers,
    delete_old_card_readings,
    delete_old_time_off,
    delete_revoked_calendars,
)
from booking.domain.subscriptions import create_subscription, revoke_subscription
from booking.models import ApiToken, CalendarSubscription, CardReading, IdempotencyKey, LoginCode, TimeOff
from tests.factories import NOW, make_account, make_centre, make_person, make_staff
from tests.factories_staffing import make_time_off

pytestmark = pytest.mark.django_db


def test_answers_to_repeated_requests_are_kept_for_48_hours():
    account = make_account()
    for key, age in (("old", timedelta(hours=48, seconds=1)), ("new", timedelta(hours=48))):
        IdempotencyKey.objects.create(
            account=account, key=key, fingerprint="", status=201, answer={}, created_at=NOW - age
        )

    assert [delete_old_answers(now=NOW), delete_old_answers(now=NOW)] == [1, 0]
    assert IdempotencyKey.objects.get().key == "new"


def test_calendar_address_is_forgotten_a_year_after_it_was_turned_off():
    account = make_account()
    for days in (366, 364, None):
        subscription, _ = create_subscription(owner=account, scope="household", now=NOW)
        if days is not None:
            revoke_subscription(owner=account, subscription_id=subscription.pk, now=NOW - timedelta(days=days))

    assert delete_revoked_calendars(now=NOW) == 1
    assert CalendarSubscription.objects.count() == 2


def test_api_tokens_are_forgotten_when_they_end():
    account = make_account()
    for expiry in (timedelta(seconds=-1), timedelta(hours=1), None):
        token, _ = ApiToken.objects.create(account)
        ApiToken.objects.filter(pk=token.pk).update(expiry=None if expiry is None else NOW + expiry)

    assert delete_ended_tokens(now=NOW) == 1
    assert ApiToken.objects.count() == 2


def test_code_cards_are_forgotten_a_year_after_they_ended():
    by = make_account()
    for days in (380, 378):
        issue_code(person=make_person(), by=by, now=NOW - timedelta(days=days))

    assert delete_ended_login_codes(now=NOW) == 1
    assert LoginCode.objects.count() == 1


def test_log_of_read_cards_is_kept_for_two_years():
    person, centre, by = make_person(), make_centre(), make_account()
    for days in (731, 729):
        CardReading.objects.create(
            subject_id=person.pk, reader=by, centre=centre, page="card", read_at=NOW - timedelta(days=days)
        )

    assert delete_old_card_readings(now=NOW) == 1
    assert CardReading.objects.count() == 1


def test_absences_of_staff_are_forgotten_two_years_after_they_ended():
    member = make_staff()
    for days in (731, 729):
        make_time_off(member, NOW - timedelta(days=days + 1), NOW - timedelta(days=days))

    assert delete_old_time_off(now=NOW) == 1
    assert TimeOff.objects.count() == 1
