"""Forgetting what booking keeps only for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.models import (
    ApiToken,
    CalendarSubscription,
    CardReading,
    FamilyCase,
    IdempotencyKey,
    LoginCode,
    Referral,
    ReferralRequest,
    ShortLink,
    TimeOff,
)

ANSWERS_KEPT = timedelta(hours=48)
REVOKED_CALENDARS_KEPT = timedelta(days=365)
LOGIN_CODES_KEPT = timedelta(days=365)
CARD_READINGS_KEPT = timedelta(days=730)
TIME_OFF_KEPT = timedelta(days=730)
REFERRALS_KEPT = timedelta(days=365)
REFUSED_REFERRALS_KEPT = timedelta(days=92)
CASES_KEPT = timedelta(days=5 * 365 + 2)  # five years, two of which may be leap years


def delete_old_answers(*, now: datetime) -> int:
    """Delete the answers kept for repeated requests, 48 hours after the first one; return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()[0]


def delete_revoked_calendars(*, now: datetime) -> int:
    """Delete calendar addresses a year after they were turned off; return how many."""
    return CalendarSubscription.objects.filter(revoked_at__lt=now - REVOKED_CALENDARS_KEPT).delete()[0]


def delete_ended_tokens(*, now: datetime) -> int:
    """Delete API tokens whose time is over; return how many."""
    count, _of_each = ApiToken.objects.filter(expiry__lt=now).delete()
    return int(count)


def delete_ended_login_codes(*, now: datetime) -> int:
    """Delete codes of the desk's cards a year after they ended; return how many."""
    return LoginCode.objects.filter(expires_at__lt=now - LOGIN_CODES_KEPT).delete()[0]


def delete_old_card_readings(*, now: datetime) -> int:
    """Delete from the log of read cards what is older than two years; return how many."""
    return CardReading.objects.filter(read_at__lt=now - CARD_READINGS_KEPT).delete()[0]


def delete_old_referrals(*, now: datetime) -> int:
    """Delete referrals a year after they were settled; return how many."""
    return Referral.objects.ended_before(now - REFERRALS_KEPT).delete()[0]


def delete_refused_referrals(*, now: datetime) -> int:
    """Delete what referrers sent in three months after it was refused; return how many."""
    return ReferralRequest.objects.refused_before(now - REFUSED_REFERRALS_KEPT).delete()[0]


def delete_old_cases(*, now: datetime) -> int:
    """Delete who was whose family assistant five years after the work ended; return how many rows."""
    return FamilyCase.objects.over_before((now - CASES_KEPT).date()).delete()[0]


def delete_ended_short_links(*, now: datetime) -> int:
    """Delete the short addresses of SMS that lead nowhere any more; return how many."""
    return ShortLink.objects.filter(until__lt=now).delete()[0]


def delete_old_time_off(*, now: datetime) -> int:
    """Delete absences of staff with their lists two years after they ended; return how many rows."""
    return TimeOff.objects.filter(ends_at__lt=now - TIME_OFF_KEPT).delete()[0]
