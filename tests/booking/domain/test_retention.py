from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.retention import delete_ended_tokens, delete_old_answers, delete_revoked_calendars
from booking.domain.subscriptions import create_subscription, revoke_subscription
from booking.models import ApiToken, CalendarSubscription, IdempotencyKey
from tests.factories import NOW, make_account

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
