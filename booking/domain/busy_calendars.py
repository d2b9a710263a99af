"""Calendars outside that keep a specialist's time free: adding one, reading it again and again, turning it off."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from booking.domain.recipients import recipient
from booking.errors import Refused, refusal
from booking.models import Account, Appointment, BusyCalendar, Person
from notifications.outbox import enqueue
from scheduler.locks import lock_resources
from scheduler.models import BusyPeriod, Resource
from scheduler.outside.addresses import Network, clean_address, host_of
from scheduler.outside.fetching import fetch_calendar
from scheduler.outside.reading import read_busy_periods
from scheduler.outside.refusing import CalendarRefusedError
from scheduler.period import Period

logger = logging.getLogger(__name__)

MOST_CALENDARS = 5  # of one specialist
DAYS_AHEAD = 400
LEASE = timedelta(minutes=5)
READ_EVERY = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(hours=12)
ASKED_AT_MOST_EVERY = timedelta(minutes=1)
BATCH = 500


@transaction.atomic
def add_busy_calendar(*, resource: Resource, address: str, name: str, by: Account, now: datetime) -> BusyCalendar:
    """Keep the time of a specialist free of visits where a calendar outside has an entry; the worker reads it soon.

    The caller has made sure that the specialist is `by`. Adding the same address again returns what is there. Raises
    Refused (`calendar_not_https`, `calendar_address_wrong`, `calendar_own`, `calendar_private_address`,
    `too_many_calendars_elsewhere`).
    """
    try:
        cleaned = clean_address(address)
    except CalendarRefusedError as reason:
        raise Refused(refusal(reason.code)) from reason
    if host_of(cleaned) == urlsplit(settings.PUBLIC_URL).hostname:
        raise Refused(refusal("calendar_own"))  # her own visits would stand in their own way
    lock_resources({resource.pk})
    own = BusyCalendar.objects.filter(resource=resource)
    known = own.at(cleaned).first()
    if known is not None:
        return known
    if own.count() >= MOST_CALENDARS:
        raise Refused(refusal("too_many_calendars_elsewhere", count=MOST_CALENDARS))
    calendar = BusyCalendar(
        resource=resource, name=name.strip(), host=host_of(cleaned), added_by=by, added_at=now, next_fetch_at=now
    )
    calendar.keep_address(cleaned)
    calendar.save()
    return calendar


@transaction.atomic
def remove_busy_calendar(*, calendar_id: uuid.UUID) -> None:
    """Forget a calendar and the times it blocked; a second call changes nothing."""
    BusyCalendar.objects.select_for_update().filter(pk=calendar_id).first()
    BusyPeriod.objects.filter(source=calendar_id).delete()
    BusyCalendar.objects.filter(pk=calendar_id).delete()


def ask_again_soon(*, calendar_id: uuid.UUID, now: datetime) -> bool:
    """Let the worker read a calendar now, unless it was asked within the last minute; say whether it will."""
    rested = BusyCalendar.objects.exclude(asked_at__gt=now - ASKED_AT_MOST_EVERY)
    return bool(rested.filter(pk=calendar_id).update(next_fetch_at=now))


def visits_in_busy_time(*, resource: Resource, now: datetime) -> list[Appointment]:
    """Return the coming visits of a specialist that lie in her busy times: they stay until somebody settles them."""
    busy = list(
        BusyPeriod.objects.filter(resource=resource, ends_at__gt=now)
        .order_by("starts_at")
        .values_list("starts_at", "ends_at")
    )
    visits = Appointment.objects.given_by(resource.pk).coming(now).order_by("starts_at") if busy else ()
    return [visit for visit in visits if any(start < visit.ends_at and visit.starts_at < end for start, end in busy)]


def seal_addresses() -> int:
    """Seal every address with the first key of the settings and return how many there are; safe to repeat."""
    ids = list(BusyCalendar.objects.order_by("pk").values_list("pk", flat=True))
    for calendar_id in ids:
        with transaction.atomic():
            for calendar in BusyCalendar.objects.select_for_update().filter(pk=calendar_id):
                calendar.keep_address(calendar.open_address())
                calendar.save(update_fields=["address_sealed", "address_digest"])
    return len(ids)


def refresh_due_calendars(
    *, clock: Callable[[], datetime], until: Callable[[], bool] = lambda: False, network: Network | None = None
) -> int:
    """Read every calendar whose time has come, one after another, and return how many were asked.

    `until` is asked before each whether to stop. No transaction is open while a calendar is fetched and read.
    """
    count = 0
    while not until() and (calendar := _claim(clock())) is not None:
        _refresh(calendar, now=clock(), network=network)
        count += 1
    return count


def _claim(now: datetime) -> BusyCalendar | None:
    """Take the calendar that has waited longest, leased to the caller, or None; nobody else gets it meanwhile."""
    due = BusyCalendar.objects.due(now)
    calendar = due.order_by("next_fetch_at", "pk").select_related("resource__timetable").first()
    if calendar is None:
        return None
    calendar.lease_until = now + LEASE
    taken = due.filter(pk=calendar.pk).update(lease_until=calendar.lease_until, asked_at=now)
    return calendar if taken else _claim(now)


def _refresh(calendar: BusyCalendar, *, now: datetime, network: Network | None) -> None:
    zone = calendar.resource.timetable.tz
    today = timezone.localdate(now, zone)
    window = Period.of_days(today - timedelta(days=1), today + timedelta(days=DAYS_AHEAD), zone)
    try:
        content = fetch_calendar(calendar.open_address(), network=network)
        periods = read_busy_periods(content, window=window, zone=zone)
    except CalendarRefusedError as reason:
        _note_refusal(calendar, reason.code, now)
    except Exception:
        logger.exception("calendar elsewhere %s", calendar.pk)
        _note_refusal(calendar, "calendar_unreachable", now)
    else:
        _keep(calendar, periods, now)


@transaction.atomic
def _keep(calendar: BusyCalendar, periods: list[Period], now: datetime) -> None:
    """Put what was read in the place of what was read before, all or nothing."""
    if not _settle(calendar, read_at=now, refused="", failures=0, next_fetch_at=now + READ_EVERY):
        return
    BusyPeriod.objects.filter(source=calendar.pk).delete()
    BusyPeriod.objects.bulk_create(
        [
            BusyPeriod(resource=calendar.resource, starts_at=each.start, ends_at=each.end, source=calendar.pk)
            for each in periods
        ],
        batch_size=BATCH,
    )


@transaction.atomic
def _note_refusal(calendar: BusyCalendar, code: str, now: datetime) -> None:
    """Say why nothing new was read; what was read before stays, and the next try comes later each time.

    Once it has gone stale its owner is told, one time until it was read again.
    """
    pause = min(READ_EVERY * 2 ** min(calendar.failures, 10), LONGEST_PAUSE)
    if _settle(calendar, refused=code, failures=calendar.failures + 1, next_fetch_at=now + pause):
        calendar.refused = code
        if calendar.is_stale(now):
            _tell_stale(calendar, now)
    logger.info("calendar elsewhere %s: %s", calendar.pk, code)


def _tell_stale(calendar: BusyCalendar, now: datetime) -> None:
    enqueue(
        recipients=[
            recipient(each) for each in Person.objects.filter(staff_memberships__resource=calendar.resource_id)
        ],
        kind="calendar_stale",
        facts={"calendar": str(calendar.pk)},
        cause=f"calendar-stale:{calendar.pk}:{calendar.fresh_at.isoformat()}",
        now=now,
    )


def _settle(calendar: BusyCalendar, **changes: object) -> bool:
    """Give the lease back; False if the calendar was turned off or taken over meanwhile."""
    ours = BusyCalendar.objects.filter(pk=calendar.pk, lease_until=calendar.lease_until)
    return bool(ours.update(lease_until=None, **changes))
