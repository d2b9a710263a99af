"""Making up for a missed meeting: which dates of other groups have a free seat, and taking one of them."""

from __future__ import annotations

import uuid
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from booking.domain.guests import is_elsewhere, seats_at
from booking.errors import Refusal, Refused, refusal
from booking.locks import lock_group, lock_person
from booking.models import Enrolment, Group, GuestPlace, MakeUpCredit
from scheduler.models import Series, Session

DATES_OFFERED = 12
Status = GuestPlace.Status


def possible_dates(credit: MakeUpCredit, *, now: datetime) -> list[tuple[Group, Session]]:
    """Return the next dates on which the credit could be used, earliest first, at most twelve."""
    found: list[tuple[Group, Session]] = []
    groups = {group.pk: group for group in _groups_for(credit, now)}
    for session, group_id in _meetings(credit, groups, now):
        if _why_not(credit, groups[group_id], session, now) is None:
            found.append((groups[group_id], session))
        if len(found) == DATES_OFFERED:
            break
    return found


@transaction.atomic
def use_credit(*, credit_id: uuid.UUID, group: Group, session: Session, now: datetime) -> GuestPlace:
    """Let the child come once to another group of the activity, in place of the missed meeting.

    Choosing the same date again changes nothing. Raises Refused (`credit_over`, `meeting_begun`, `not_taking_part` for
    a meeting that is not one of those groups, `elsewhere_then`, `no_seat_then`), and MakeUpCredit.DoesNotExist; then
    nothing has changed.
    """
    lock_person(MakeUpCredit.objects.values_list("child_id", flat=True).get(pk=credit_id))
    credit = MakeUpCredit.objects.select_related("child", "activity").get(pk=credit_id)
    group = lock_group(group.pk)
    session = Session.objects.select_related("timetable", "series").get(pk=session.pk)
    # A cancelled meeting was no meeting: the credit is free again.
    lost = credit.guest_places.held().filter(session__status=Session.Status.CANCELLED)
    lost.update(status=Status.CANCELLED, decided_at=now)
    standing = credit.guest_places.held().first()
    if standing is not None and standing.session_id == session.pk:
        return standing
    reason = _why_not(credit, group, session, now)
    if reason is not None:
        raise Refused(reason)
    return GuestPlace.objects.create(
        group=group,
        session=session,
        child=credit.child,
        status=Status.COMING,
        credit=credit,
        created_at=now,
        decided_at=now,
    )


def _groups_for(credit: MakeUpCredit, now: datetime) -> list[Group]:
    """Return the other groups of the activity that are for her age."""
    own = Enrolment.objects.live().filter(child=credit.child).values("group_id")
    groups = Group.objects.filter(activity=credit.activity_id).exclude(pk__in=own)
    groups = groups.select_related("activity", "term__timetable").order_by("pk")
    return [group for group in groups if _fits(credit, group, now)]


def _fits(credit: MakeUpCredit, group: Group, now: datetime) -> bool:
    if group.age_from is None and group.age_until is None:
        return True
    age = credit.child.age_on(timezone.localdate(now, group.term.timetable.tz))
    return age is not None and (group.age_from or 0) <= age <= (group.age_until or age)


def _meetings(credit: MakeUpCredit, groups: dict[uuid.UUID, Group], now: datetime) -> list[tuple[Session, uuid.UUID]]:
    if not groups:
        return []
    zone = next(iter(groups.values())).term.timetable.tz
    until = datetime.combine(credit.valid_until, time.min, zone)
    links = dict(Group.series.through.objects.filter(group__in=groups).values_list("series_id", "group_id"))
    coming = Session.objects.standing().filter(series__in=links, starts_at__gt=now, starts_at__lt=until)
    related = coming.exclude(series__audience=Series.Audience.STAFF).select_related("timetable", "series", "room")
    return [(session, links[session.series_id]) for session in related.order_by("starts_at", "pk")[: 4 * DATES_OFFERED]]


def _why_not(credit: MakeUpCredit, group: Group, session: Session, now: datetime) -> Refusal | None:
    day = timezone.localdate(session.starts_at, group.term.timetable.tz)
    if day >= credit.valid_until or credit.guest_places.held().exists():
        return refusal("credit_over")
    if session.starts_at <= now:
        return refusal("meeting_begun")
    others = [each.pk for each in _groups_for(credit, now)]
    if group.pk not in others or session.is_cancelled or not group.series.filter(pk=session.series_id).exists():
        return refusal("not_taking_part", child=credit.child.given_name)
    if is_elsewhere(credit.child, session):
        return refusal("elsewhere_then", child=credit.child.given_name)
    return None if seats_at(group, session) > 0 else refusal("no_seat_then")
