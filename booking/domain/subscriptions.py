"""Secret calendar addresses: making one, exchanging its secret, turning it off."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from booking.domain.subscribed_sessions import own_specialist_id, subscribed
from booking.errors import Refused, refusal
from booking.models import Account, CalendarSubscription
from booking.models.subscription import new_token, token_hash

MOST_ALARM_MINUTES = 7 * 24 * 60
MOST_LIVE = 20
Scope = CalendarSubscription.Scope
Privacy = CalendarSubscription.Privacy


class CalendarAddress(NamedTuple):
    """One secret calendar in the two ways programs want it: to download, and to subscribe with one tap."""

    url: str
    webcal_url: str


def calendar_address(token: str) -> CalendarAddress:
    """Return the addresses under which the calendar with this token is fetched."""
    url = settings.PUBLIC_URL.rstrip("/") + reverse("calendar", args=[token])
    return CalendarAddress(url, "webcal://" + url.partition("://")[2])


@transaction.atomic
def create_subscription(
    *,
    owner: Account,
    scope: str,
    subject_id: uuid.UUID | None = None,
    privacy: str = Privacy.FULL,
    alarm_minutes: int | None = None,
    now: datetime,
) -> tuple[CalendarSubscription, str]:
    """Make a calendar address for `owner` and return it with its token, which can never be shown again.

    `subject_id` is a household (or None for the owner's own family), a child, a specialist's or a room's resource
    (None for the specialist that the owner is), a group or a centre. What the calendar shows is decided anew at each
    reading. Raises Refused (`unknown_choice`, `unknown_subject`, `alarm_out_of_range`, `too_many_calendars`).
    """
    if scope not in Scope.values or privacy not in Privacy.values:
        raise Refused(refusal("unknown_choice"))
    if alarm_minutes is not None and not 0 <= alarm_minutes <= MOST_ALARM_MINUTES:
        raise Refused(refusal("alarm_out_of_range", days=MOST_ALARM_MINUTES // (24 * 60)))
    Account.objects.select_for_update(of=("self",)).get(pk=owner.pk)  # two at once do not pass the limit
    if CalendarSubscription.objects.visible_to(owner).live().count() >= MOST_LIVE:
        raise Refused(refusal("too_many_calendars", count=MOST_LIVE))
    on = timezone.localdate(now)
    if subject_id is None and scope in {Scope.SPECIALIST, Scope.SPECIALIST_BUSY}:
        subject_id = own_specialist_id(owner, on)
    if subscribed(owner=owner, scope=scope, subject_id=subject_id, on=on) is None:
        raise Refused(refusal("unknown_subject"))
    token = new_token()
    subscription = CalendarSubscription.objects.create(
        owner=owner,
        token_hash=token_hash(token),
        scope=scope,
        subject_id=subject_id,
        privacy=Privacy.BUSY if scope == Scope.SPECIALIST_BUSY else privacy,
        alarm_minutes=alarm_minutes,
        created_at=now,
    )
    return subscription, token


@transaction.atomic
def rotate_subscription(*, owner: Account, subscription_id: uuid.UUID) -> tuple[CalendarSubscription, str]:
    """Give a calendar a new secret, so that the old address shows nothing from now on; return it with its token.

    Raises CalendarSubscription.DoesNotExist for somebody else's and Refused (`calendar_revoked`).
    """
    subscription = _lock_own(owner, subscription_id)
    if subscription.revoked_at is not None:
        raise Refused(refusal("calendar_revoked"))
    token = new_token()
    subscription.token_hash = token_hash(token)
    subscription.last_read_at = None
    subscription.save(update_fields=["token_hash", "last_read_at"])
    return subscription, token


@transaction.atomic
def revoke_subscription(*, owner: Account, subscription_id: uuid.UUID, now: datetime) -> CalendarSubscription:
    """Turn a calendar address off for good; doing it again changes nothing.

    Raises CalendarSubscription.DoesNotExist for somebody else's.
    """
    subscription = _lock_own(owner, subscription_id)
    if subscription.revoked_at is None:
        subscription.revoked_at = now
        subscription.save(update_fields=["revoked_at"])
    return subscription


def _lock_own(owner: Account, subscription_id: uuid.UUID) -> CalendarSubscription:
    own = CalendarSubscription.objects.visible_to(owner)
    return own.select_for_update(of=("self",)).get(pk=subscription_id)
