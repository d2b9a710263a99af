"""Booked visits that hours fit no more: they stay until somebody moves, cancels or keeps them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.db import models, transaction
from django.db.models import Case, Exists, ExpressionWrapper, OuterRef, Q, Value, When

from booking.models import Appointment
from booking.models.modes import MODES
from scheduler.models import Place, Series, Session
from scheduler.models.session import SessionQuerySet
from scheduler.period import Period


class Why(StrEnum):
    """What about a visit does not fit the hours of its specialist."""

    TIME = "time"  # no hours then
    CLOSED = "closed"  # the centre or the place is closed on that day
    SERVICE = "service"  # the hours are for other services, or for other ways of meeting
    ROOM = "room"  # the hours are in another room


def visits_outside_hours(*, specialists: Collection[uuid.UUID], now: datetime) -> list[Appointment]:
    """Return the coming visits of these specialists that fit no standing hours of theirs, in order; one query.

    Each has a `why`, one of `Why`. A visit that was agreed outside the hours is none of them.
    """
    visits = Appointment.objects.coming(now).filter(specialist__in=specialists, outside_hours=False)
    found = visits.annotate(why=_why()).exclude(why="")
    return list(found.select_related("service", "specialist", "person", "room").order_by("starts_at", "pk"))


def visits_in_hours(session: Session, *, now: datetime) -> list[Appointment]:
    """Return the coming visits booked in one date of duty hours, in order: what changing the date leaves behind."""
    if session.series.kind != Series.Kind.DUTY or session.is_cancelled or session.leader_id is None:
        return []
    inside = Q(starts_at__gte=session.starts_at, ends_at__lte=session.ends_at)
    visits = Appointment.objects.coming(now).filter(inside, specialist=session.leader_id, outside_hours=False)
    return list(visits.select_related("service", "person").order_by("starts_at", "pk"))


def visits_on_closed_days(
    *, timetable_id: uuid.UUID, place: Place | None, period: Period, now: datetime
) -> list[Appointment]:
    """Return the coming visits in `period` at a centre, or of one place of it, in order: what closing touches."""
    visits = Appointment.objects.coming(now).within(period).filter(service__centre__timetable=timetable_id)
    if place is not None:
        visits = visits.filter(Q(room__place=place) | Exists(_hours().filter(room__place=place)))
    return list(visits.select_related("service", "specialist", "person").order_by("starts_at", "pk"))


@transaction.atomic
def keep_outside_hours(*, visit_id: uuid.UUID, now: datetime) -> Appointment:
    """Settle a visit by leaving it where it is, outside the hours; a second call changes nothing.

    Nothing changes for the client, so nobody is told. Raises Appointment.DoesNotExist.
    """
    visit = Appointment.objects.select_for_update(of=("self",)).coming(now).get(pk=visit_id)
    if not visit.outside_hours:
        visit.outside_hours = True
        visit.save(update_fields=["outside_hours"])
    return visit


def _hours() -> SessionQuerySet:
    """Return the standing hours around a visit of the outer query."""
    return Session.objects.standing().filter(
        series__kind=Series.Kind.DUTY,
        leader=OuterRef("specialist"),
        starts_at__lte=OuterRef("starts_at"),
        ends_at__gte=OuterRef("ends_at"),
    )


def _why() -> Case:
    """Return the first of the reasons that holds for a visit, or nothing: each asks for more than the one before."""
    ways = Q(*(Q(way=mode, **{f"series__window__{mode}": True}) for mode in MODES), _connector=Q.OR)
    way = ExpressionWrapper(OuterRef("mode"), models.CharField())
    where = ExpressionWrapper(OuterRef("room"), models.UUIDField(null=True))
    there = Q(where__isnull=True) | Q(room=OuterRef("room")) | Q(series__window__rooms=OuterRef("room"))
    hours = _hours()
    open_hours = hours.on_open_days()
    serving = open_hours.annotate(way=way).filter(ways, series__services=OuterRef("service"))
    placed = serving.annotate(where=where).filter(there)
    steps = [(Why.TIME, hours), (Why.CLOSED, open_hours), (Why.SERVICE, serving), (Why.ROOM, placed)]
    return Case(*(When(~Exists(found), then=Value(why.value)) for why, found in steps), default=Value(""))
