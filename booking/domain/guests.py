"""Places at one meeting: a date that an absence freed is offered to the line, and credits are used.

A seat is free at a meeting when the group has a free place, or when somebody of the group is absent, and no guest has
it yet. All of it is decided under the group's lock.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from booking.domain.offer_times import OfferRules, deadline
from booking.domain.recipients import recipients_about
from booking.errors import Refused, refusal
from booking.locks import lock_group, lock_person
from booking.models import Absence, Activity, Enrolment, Group, GuestPlace, Person, Policy
from notifications.outbox import enqueue
from scheduler.models import Session

Status = GuestPlace.Status


def seats_at(group: Group, session: Session) -> int:
    """Return how many more could come to this one meeting of the group."""
    places = Enrolment.objects.holding().filter(group=group)
    absent = Absence.objects.standing().filter(session=session, child__in=places.values("child_id")).count()
    guests = GuestPlace.objects.held().filter(session=session, group=group).count()
    return group.free_places + absent - guests


def offer_date(group: Group, session: Session, *, now: datetime) -> list[GuestPlace]:
    """Offer the free seats of one meeting to those in line, in order; the caller holds the group's lock.

    Nothing is offered at night or after the cut-off before the start, as with places for the whole course. Whoever was
    offered this date before, or is elsewhere at that time, is passed over and keeps her place in line.
    """
    seats = seats_at(group, session)
    until = _deadline(group, session, now)
    if seats <= 0 or until is None or session.is_cancelled:
        return []
    asked = set(GuestPlace.objects.filter(session=session).values_list("child_id", flat=True))
    offers: list[GuestPlace] = []
    for entry in Enrolment.objects.waiting().filter(group=group).select_related("child"):
        if len(offers) == seats:
            break
        if entry.child_id in asked or is_elsewhere(entry.child, session):
            continue
        place = GuestPlace.objects.create(
            group=group, session=session, child=entry.child, status=Status.OFFERED, expires_at=until, created_at=now
        )
        _tell(place, "guest_offered", now=now)
        offers.append(place)
    return offers


def is_elsewhere(child: Person, session: Session) -> bool:
    """Say whether she is expected at another meeting at that time; day care lets her go."""
    places = Enrolment.objects.filter(child=child, status=Enrolment.Status.ENROLLED)
    groups = Group.objects.filter(pk__in=places.values("group_id")).exclude(activity__kind=Activity.Kind.DAY_CARE)
    at_once = Session.objects.standing().within(session.period).exclude(pk=session.pk)
    absent = Absence.objects.standing().filter(child=child).values("session_id")
    mine = at_once.filter(series__groups__in=groups).exclude(pk__in=absent)
    visits = at_once.filter(guest_places__in=GuestPlace.objects.coming().filter(child=child))
    return mine.exists() or visits.exists()


@transaction.atomic
def accept_guest_place(*, place_id: uuid.UUID, now: datetime) -> GuestPlace:
    """Take an offered date; taking it again changes nothing.

    Raises Refused (`offer_over`, `elsewhere_then` when she has promised to be elsewhere meanwhile), and
    GuestPlace.DoesNotExist; then nothing has changed.
    """
    child = lock_person(GuestPlace.objects.values_list("child_id", flat=True).get(pk=place_id))
    place = _lock(place_id)
    if place.status == Status.COMING:
        return place
    if place.status != Status.OFFERED or place.expires_at is None or place.expires_at <= now:
        raise Refused(refusal("offer_over"))
    if is_elsewhere(child, place.session):
        raise Refused(refusal("elsewhere_then", child=child.given_name))
    return _decide(place, Status.COMING, now=now)


@transaction.atomic
def decline_guest_place(*, place_id: uuid.UUID, now: datetime) -> GuestPlace:
    """Give an offered or taken date back, until the start; it is offered on at once. A used credit is free again.

    Repeating it changes nothing. Raises Refused (`meeting_begun`), and GuestPlace.DoesNotExist.
    """
    place = _lock(place_id)
    if place.status not in {Status.OFFERED, Status.COMING}:
        return place
    if place.session.starts_at <= now:
        raise Refused(refusal("meeting_begun"))
    by_credit = place.credit_id is not None
    _decide(place, Status.DECLINED, now=now)
    if not by_credit:
        offer_date(place.group, place.session, now=now)
    return place


@transaction.atomic
def expire_guest_place(*, place_id: uuid.UUID, now: datetime) -> GuestPlace:
    """End an offer that nobody answered in time and offer the date on; any other stays as it is."""
    place = _lock(place_id)
    if place.status == Status.OFFERED and place.expires_at is not None and place.expires_at <= now:
        _decide(place, Status.EXPIRED, now=now)
        offer_date(place.group, place.session, now=now)
    return place


def expire_overdue_guest_places(*, now: datetime) -> int:
    """End every overdue offer of a date, each in its own transaction; returns how many were looked at."""
    overdue = list(GuestPlace.objects.overdue(now).order_by("expires_at").values_list("pk", flat=True))
    for place_id in overdue:
        expire_guest_place(place_id=place_id, now=now)
    return len(overdue)


def make_room_again(group: Group, session: Session, *, now: datetime) -> None:
    """Let somebody who was absent have her seat back: an offer nobody answered yet gives way, a guest does not.

    The caller holds the group's lock. Raises Refused (`place_given_on`).
    """
    if seats_at(group, session) > 0:
        return
    place = GuestPlace.objects.offered().filter(session=session, group=group).order_by("-created_at").first()
    if place is None:
        raise Refused(refusal("place_given_on"))
    _decide(place, Status.CANCELLED, now=now)
    _tell(place, "guest_cancelled", now=now)


def _deadline(group: Group, session: Session, now: datetime) -> datetime | None:
    zone = group.term.timetable.tz
    rules = OfferRules.of(Policy.objects.numbers(group.activity.centre_id, timezone.localdate(now, zone)))
    return deadline(now=now, first=session.starts_at, last=session.starts_at, rules=rules, zone=zone)


def _lock(place_id: uuid.UUID) -> GuestPlace:
    group = lock_group(GuestPlace.objects.values_list("group_id", flat=True).get(pk=place_id))
    place = GuestPlace.objects.select_related("session__timetable", "child").get(pk=place_id)
    place.group = group
    return place


def _decide(place: GuestPlace, status: GuestPlace.Status, *, now: datetime) -> GuestPlace:
    place.status = status
    place.decided_at = now
    place.save(update_fields=["status", "decided_at"])
    return place


def _tell(place: GuestPlace, kind: str, *, now: datetime) -> None:
    on = timezone.localdate(now, place.group.term.timetable.tz)
    enqueue(
        recipients=recipients_about(place.child, on=on),
        kind=kind,
        facts={"guest_place": str(place.pk)},
        cause=f"{kind}:{place.pk}",
        now=now,
    )
