"""Reporting that somebody will not come to a meeting, and taking it back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from booking.domain.absence_telling import tell_staff
from booking.domain.guests import make_room_again, offer_date
from booking.errors import Refusal, Refused, refusal
from booking.locks import lock_group, lock_person
from booking.models import Absence, AbsenceRules, Account, Activity, Enrolment, Group, MakeUpCredit, Person
from scheduler.models import Series, Session
from scheduler.period import Period

Meetings = dict[uuid.UUID, Group]


def meetings_of(child: Person) -> Meetings:
    """Return the group in which this person meets in each series, by series, in two queries."""
    places = Enrolment.objects.filter(child=child, status=Enrolment.Status.ENROLLED).values("group_id")
    groups = Group.objects.filter(pk__in=places).select_related("activity__centre", "term__timetable")
    series = Series.objects.exclude(audience=Series.Audience.STAFF)
    links = Group.series.through.objects.filter(group__in=places, series__in=series).order_by("-group_id")
    by_id = {group.pk: group for group in groups}
    return {series_id: by_id[group_id] for series_id, group_id in links.values_list("series_id", "group_id")}


def absent_from(sessions: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Return who will not come to each of these meetings, in one query."""
    absent: dict[uuid.UUID, set[uuid.UUID]] = {}
    standing = Absence.objects.standing().filter(session__in=list(sessions))
    for session_id, child_id in standing.values_list("session_id", "child_id"):
        absent.setdefault(session_id, set()).add(child_id)
    return absent


@transaction.atomic
def report_absence(*, child: Person, session: Session, by: Account | None, now: datetime) -> list[Absence]:
    """Say that `child` will not come to this meeting: who leads it is told, and the freed date is offered on.

    In day care it covers the later parts of that day too; the first of the returned ones is of `session`. Reported
    before the start, it gives a make-up credit where the rules of the activity grant one. Repeating it changes nothing.
    The caller has made sure that `by` may speak for the child. Raises Refused (`not_taking_part`, `meeting_cancelled`,
    `meeting_over`); then nothing has changed.
    """
    child = lock_person(child.pk)
    session = Session.objects.select_related("timetable").get(pk=session.pk)
    meetings = meetings_of(child)
    why_not = _why_not(child, session, meetings, now)
    if why_not is not None:
        raise Refused(why_not)
    covered = _covered(session, meetings)
    groups = _lock_groups(meetings[each.series_id] for each in covered)
    known = Absence.objects.standing().filter(child=child, session__in=covered).select_related("session")
    standing = {absence.session_id: absence for absence in known}
    new = [each for each in covered if each.pk not in standing]
    for each in new:
        absence = Absence.objects.create(child=child, session=each, reported_by=by, reported_at=now)
        standing[each.pk] = absence
        _use_freed_date(absence, groups[meetings[each.series_id].pk], now=now)
    if new:
        tell_staff("absence_reported", [standing[each.pk] for each in new], meetings, now=now)
    return [standing[each.pk] for each in covered]


@transaction.atomic
def withdraw_absence(*, absence_id: uuid.UUID, now: datetime) -> Absence:
    """Say that somebody comes after all, until the start; in day care to the later parts of that day too.

    Repeating it changes nothing. Raises Refused (`meeting_begun`, `place_given_on` when a guest has taken the place,
    `credit_used`), then nothing has changed, and Absence.DoesNotExist.
    """
    child = lock_person(Absence.objects.values_list("child_id", flat=True).get(pk=absence_id))
    absence = Absence.objects.select_related("session__timetable").get(pk=absence_id)
    if absence.withdrawn_at is not None:
        return absence
    if absence.session.starts_at <= now:
        raise Refused(refusal("meeting_begun"))
    meetings = meetings_of(child)
    covered = _covered(absence.session, meetings) if absence.session.series_id in meetings else [absence.session]
    together = list(Absence.objects.standing().filter(child=child, session__in=covered).select_related("session"))
    groups = _lock_groups(meetings[each.session.series_id] for each in together if each.session.series_id in meetings)
    for each in together:
        _take_credit_back(each)
        if each.session.series_id in meetings:
            make_room_again(groups[meetings[each.session.series_id].pk], each.session, now=now)
        each.withdrawn_at = now
        each.save(update_fields=["withdrawn_at"])
    tell_staff("absence_withdrawn", together, meetings, now=now)
    absence.withdrawn_at = now
    return absence


def _why_not(child: Person, session: Session, meetings: Meetings, now: datetime) -> Refusal | None:
    if session.series_id not in meetings:
        return refusal("not_taking_part", child=child.given_name)
    if session.is_cancelled:
        return refusal("meeting_cancelled")
    return refusal("meeting_over") if session.ends_at <= now else None


def _covered(session: Session, meetings: Meetings) -> list[Session]:
    """Return the meeting, and in day care the parts of the same day that come after it."""
    if meetings[session.series_id].activity.kind != Activity.Kind.DAY_CARE:
        return [session]
    care = [key for key, group in meetings.items() if group.activity.kind == Activity.Kind.DAY_CARE]
    day = session.starts_at.astimezone(session.timetable.tz).date()
    later = Session.objects.filter(series__in=care, starts_at__gte=session.starts_at).exclude(pk=session.pk)
    rest = later.within(Period.of_days(day, day, session.timetable.tz)).standing()
    return [session, *rest.select_related("timetable").order_by("starts_at", "pk")]


def _lock_groups(groups: Iterable[Group]) -> dict[uuid.UUID, Group]:
    return {key: lock_group(key) for key in sorted({group.pk for group in groups})}


def _use_freed_date(absence: Absence, group: Group, *, now: datetime) -> None:
    """Give a make-up credit and offer the date to the line, as far as the rules of the activity say so."""
    rules = AbsenceRules.objects.filter(activity=group.activity_id).first()
    session = absence.session
    if rules is None or session.starts_at <= now:
        return
    if rules.credit_days:
        day = timezone.localdate(session.starts_at, session.timetable.tz)
        until = day + timedelta(days=rules.credit_days)
        MakeUpCredit.objects.create(child=absence.child, activity=group.activity, absence=absence, valid_until=until)
    if rules.guests:
        offer_date(group, session, now=now)


def _take_credit_back(absence: Absence) -> None:
    credit = MakeUpCredit.objects.filter(absence=absence).first()
    if credit is None:
        return
    if credit.guest_places.held().exists():
        raise Refused(refusal("credit_used"))
    credit.delete()
