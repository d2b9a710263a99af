"""When the night of those who are told by SMS ends."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from booking.domain.offer_times import OfferRules, is_quiet
from booking.domain.told_times import starts_of
from booking.models import Centre, Policy
from notifications.models import Message

SETTING_OUT = timedelta(hours=1)  # who has to set out within this time after the night is woken


def waking_moment(message: Message, now: datetime) -> datetime:
    """Return the first moment from now on that is not in the quiet hours of the reader's centre.

    What begins before she would hear of it in time is told at night, too.
    """
    centre = Centre.objects.filter(households__members=message.recipient_id).select_related("timetable").first()
    zone = centre.timetable.tz if centre else ZoneInfo(settings.TIME_ZONE)
    numbers = Policy.objects.numbers(centre.pk if centre else None, timezone.localdate(now, zone))
    rules = OfferRules.of(numbers)
    if not is_quiet(now, rules, zone):
        return now
    local = timezone.localtime(now, zone)
    day = local.date() if local.hour < rules.quiet_until else local.date() + timedelta(days=1)
    waking = datetime.combine(day, time(rules.quiet_until), zone)
    begins = starts_of([message]).get(message.pk)
    return now if begins is not None and begins <= waking + SETTING_OUT else waking
