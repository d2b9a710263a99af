"""Who is on duty today, and who of them could receive somebody this minute. Reads only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from booking.models import Appointment, Centre, TimeOff
from booking.models.appointment import COMING
from booking.models.modes import Mode
from scheduler.models import BusyPeriod, Reservation, Resource, Series, Session
from scheduler.models.session import SessionQuerySet
from scheduler.period import Period

SOON = timedelta(days=14)
MOST_LOOKED_AT = 20  # whoever is away is passed over


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One specialist's duty of today. `changes_at`: until when she is free, or busy, as far as anybody knows."""

    specialist: Resource
    services: tuple[str, ...]
    ways: tuple[str, ...]
    room: Resource | None
    starts_at: datetime
    ends_at: datetime
    is_now: bool
    is_free: bool
    changes_at: datetime


def on_duty_today(*, centre: Centre, now: datetime) -> list[OnDuty]:
    """Return the duties of today that are not over, those of this minute first, then by start; in a few queries.

    Who is away is left out. Busy is who has a visit or a meeting, or an entry in a calendar elsewhere, at this minute.
    """
    zone = centre.timetable.tz
    today = Period.of_days(timezone.localdate(now, zone), timezone.localdate(now, zone), zone)
    duties = list(_duties(centre).within(today).filter(ends_at__gt=now))
    leaders = {duty.leader_id for duty in duties if duty.leader_id}
    away = _away(leaders, now)
    taken = _taken(leaders, Period(now, today.end)) if duties else {}
    found = [_row(duty, taken.get(duty.leader_id, []), now) for duty in duties if duty.leader_id not in away]
    return sorted(found, key=lambda row: (not row.is_now, row.starts_at))


def next_duty(*, centre: Centre, now: datetime) -> OnDuty | None:
    """Return the duty that begins next, within two weeks, of somebody who is not away then; None if there is none."""
    for duty in _duties(centre).filter(starts_at__gt=now, starts_at__lt=now + SOON)[:MOST_LOOKED_AT]:
        if duty.leader_id and not _away([duty.leader_id], duty.starts_at):
            return _row(duty, [], now)
    return None


def _duties(centre: Centre) -> SessionQuerySet:
    """Return the duty hours of a centre that stand, in order."""
    found = Session.objects.standing().filter(
        timetable=centre.timetable_id, series__kind=Series.Kind.DUTY, leader__isnull=False
    )
    related = found.select_related("leader", "room__place", "series__window").prefetch_related("series__services")
    return related.order_by("starts_at", "leader__name")


def _away(specialists: Iterable[uuid.UUID], now: datetime) -> set[uuid.UUID | None]:
    off = TimeOff.objects.standing().of_resources(specialists).filter(starts_at__lte=now, ends_at__gt=now)
    return set(off.values_list("member__resource_id", flat=True))


def _taken(specialists: set[uuid.UUID], period: Period) -> dict[uuid.UUID | None, list[Period]]:
    """Return what else takes the time of these people from now on until the end of the day."""
    overlapping = {"resource__in": specialists, "starts_at__lt": period.end, "ends_at__gt": period.start}
    over = Appointment.objects.within(period).exclude(status__in=COMING)  # nobody came, say, or it ended early
    held = Reservation.objects.filter(**overlapping).exclude(kind=Reservation.Kind.DUTY)
    held = held.exclude(visit__isnull=False, visit__in=over.values("pk"))
    taken: dict[uuid.UUID | None, list[Period]] = defaultdict(list)
    for found in (held, BusyPeriod.objects.filter(**overlapping)):
        for key, starts_at, ends_at in found.values_list("resource_id", "starts_at", "ends_at"):
            taken[key].append(Period(starts_at, ends_at))
    return taken


def _row(duty: Session, taken: list[Period], now: datetime) -> OnDuty:
    is_now = duty.starts_at <= now
    moment = max(now, duty.starts_at)
    free_from = moment
    for period in sorted(taken):
        if period.contains(free_from):
            free_from = period.end
    later = [period.start for period in taken if period.start > moment]
    is_free = free_from == moment
    assert duty.leader is not None  # noqa: S101  asked for in the query
    return OnDuty(
        specialist=duty.leader,
        services=tuple(sorted(service.name for service in duty.series.services.all())),
        ways=_ways(duty),
        room=duty.room,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        is_now=is_now,
        is_free=is_now and is_free,
        changes_at=min([duty.ends_at, *(later if is_free else [free_from])]),
    )


def _ways(duty: Session) -> tuple[str, ...]:
    """Return in which ways she receives people, if not only at the centre."""
    window = getattr(duty.series, "window", None)
    modes = window.modes if window else []
    return () if modes in ([], [Mode.OFFICE]) else tuple(str(Mode(mode).label) for mode in modes)
