"""Who hears of a publication: each family and each person who leads once, in one message, whatever it changes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from booking.domain.recipients import recipient, recipients_about_many
from booking.models import Enrolment, Group, Person, TermPublication
from notifications.outbox import Recipient, enqueue_each
from scheduler.domain.publication import Publication
from scheduler.models import Session


@dataclass(slots=True)
class Told:
    """Somebody who is told: about which people of hers (none for who leads), and which of them each series concerns."""

    recipient: Recipient
    people: dict[uuid.UUID, str] = field(default_factory=dict)
    series: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=dict)


def who_is_told(publication: Publication) -> list[Told]:
    """Return everyone whose coming dates a publication changes, in order of name, in a fixed number of queries."""
    told: dict[uuid.UUID, Told] = {}
    coming = [each for each in _noticed(publication) if each.ends_at > publication.now]
    series_ids = {session.series_id for session in coming}
    if not series_ids:
        return []
    _add_families(told, publication, series_ids)
    _add_leaders(told, publication, coming)
    return sorted(told.values(), key=lambda each: (each.recipient.name, each.recipient.id))


def _noticed(publication: Publication) -> Iterable[Session]:
    """Yield the sessions that somebody outside would see differently."""
    yield from publication.added
    yield from publication.changed
    yield from publication.removed


def _add_families(told: dict[uuid.UUID, Told], publication: Publication, series_ids: set[uuid.UUID]) -> None:
    series_of = _series_of_groups(publication, series_ids)
    meets: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    places = Enrolment.objects.holding().filter(group__in=list(series_of))
    for child_id, group_id in places.values_list("child_id", "group_id"):
        meets[child_id] |= series_of[group_id]
    people = list(Person.objects.filter(pk__in=list(meets)))
    names = {person.pk: str(person) for person in people}
    today = timezone.localdate(publication.now, publication.lines[0].series.timetable.tz)
    for child_id, recipients in recipients_about_many(people, on=today).items():
        for each in recipients:
            one = told.setdefault(each.id, Told(each))
            one.people[child_id] = names[child_id]
            for series_id in meets[child_id]:
                one.series.setdefault(series_id, set()).add(child_id)


def _series_of_groups(publication: Publication, series_ids: set[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Return which of these series each group meets in: now, once it is published, and in what a split takes over."""
    stands_for: dict[uuid.UUID, uuid.UUID] = {}
    for line in publication.lines:
        if line.series.pk in series_ids:
            for row in (line.series, line.plan, *([line.continues] if line.continues else ())):
                stands_for[row.pk] = line.series.pk
    series_of: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    links = Group.series.through.objects.filter(series__in=list(stands_for))
    for group_id, series_id in links.values_list("group_id", "series_id"):
        series_of[group_id].add(stands_for[series_id])
    return series_of


def _add_leaders(told: dict[uuid.UUID, Told], publication: Publication, coming: list[Session]) -> None:
    """Add those who lead a changed date, or led it before."""
    leads: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for session in coming:
        before = publication.was.get(session.pk)
        for leader in {session.leader_id, before.leader_id if before else None} - {None}:
            assert leader is not None  # noqa: S101  taken out above, which the type checker does not see
            leads[leader].add(session.series_id)
    people = Person.objects.filter(staff_memberships__resource__in=leads).distinct()
    for person in people.prefetch_related("staff_memberships"):
        one = told.setdefault(person.pk, Told(recipient(person)))
        for member in person.staff_memberships.all():
            for series_id in leads.get(member.resource_id, ()) if member.resource_id else ():
                one.series.setdefault(series_id, set())


def tell_publication(done: TermPublication, told: Iterable[Told], *, now: datetime) -> None:
    """Queue one message to each of them."""
    facts: dict[Recipient, dict[str, Any]] = {
        each.recipient: {
            "publication": str(done.pk),
            "people": sorted(str(key) for key in each.people),
            "series": {str(key): sorted(str(child) for child in met) for key, met in sorted(each.series.items())},
        }
        for each in told
    }
    enqueue_each(facts, kind="timetable_published", cause=f"publication:{done.pk}", now=now)
