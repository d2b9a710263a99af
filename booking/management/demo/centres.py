"""Storing a centre of the demo: its timetable and term, places, rooms and staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from booking.management.demo.crowd import STAFF_WRITE_TO, Mailboxes
from booking.management.demo.school_year import school_year
from booking.management.demo.shapes import CentreFacts, StaffFacts, demo_id
from booking.models import Centre, Group, Person, Role, Service, StaffMember, StaffRole
from booking.models.names import plain, sort_key
from scheduler.domain.planning import open_timetable
from scheduler.models import Place, Resource, Series, Term
from scheduler.models.closure import Voivodeship

AUDIT_DAYS = 90  # how long the auditor's role lasts


@dataclass(slots=True)
class OpenCentre:
    """A stored centre and what hangs on it, by the keys of the tables."""

    facts: CentreFacts
    centre: Centre
    term: Term
    resources: dict[str, Resource] = field(default_factory=dict)
    staff: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)


def open_centre(facts: CentreFacts, *, today: date, mailboxes: Mailboxes) -> OpenCentre:
    """Store a centre with everything except its offer and its families, for the school year of `today`."""
    timetable = open_timetable(
        name=facts.name,
        slug=facts.slug,
        voivodeship=Voivodeship.SLASKIE,
        timetable_id=demo_id(facts.slug, "timetable"),
    )
    first, last = school_year(today)
    term = Term.objects.create(
        id=demo_id(facts.slug, "term"),
        timetable=timetable,
        name=f"rok szkolny {first.year}/{last.year}",
        starts_on=first,
        ends_on=last,
    )
    centre = Centre.objects.create(
        id=demo_id(facts.slug, "centre"),
        slug=facts.slug,
        name=facts.name,
        kind=facts.kind,
        timetable=timetable,
        about=facts.about,
        address=facts.address,
        phone=facts.phone,
        email=facts.email,
        desk_hours=facts.desk_hours,
        accent=facts.accent,
    )
    opened = OpenCentre(facts=facts, centre=centre, term=term)
    _furnish(opened)
    _employ(opened, today=today, mailboxes=mailboxes)
    return opened


def _furnish(opened: OpenCentre) -> None:
    slug, timetable = opened.facts.slug, opened.term.timetable
    places = {
        place.key: Place(
            id=demo_id(slug, "place", place.key),
            timetable=timetable,
            name=place.name,
            address=place.address,
            village=place.village,
            step_free=place.step_free,
            lift=place.lift,
            accessible_toilet=place.accessible_toilet,
        )
        for place in opened.facts.places
    }
    Place.objects.bulk_create(places.values())
    rooms = {
        room.key: Resource(
            id=demo_id(slug, "resource", room.key),
            timetable=timetable,
            kind=Resource.Kind.ROOM,
            name=room.name,
            place=places[room.place] if room.place else None,
            capacity=room.capacity,
        )
        for room in opened.facts.rooms
    }
    Resource.objects.bulk_create(rooms.values())
    opened.resources |= rooms


def _employ(opened: OpenCentre, *, today: date, mailboxes: Mailboxes) -> None:
    opened.staff = {row.key: _person(opened.facts.slug, row, mailboxes) for row in opened.facts.staff}
    Person.objects.bulk_create(opened.staff.values())
    leaders = {row.key: _leader(opened, row) for row in opened.facts.staff if row.leads}
    Resource.objects.bulk_create(leaders.values())
    opened.resources |= leaders
    members = {
        row.key: StaffMember(
            id=demo_id(opened.facts.slug, "staff", row.key),
            person=opened.staff[row.key],
            centre=opened.centre,
            job_title=row.job_title,
            counts_for_ratio=row.counts_for_ratio,
            resource=leaders.get(row.key),
        )
        for row in opened.facts.staff
    }
    StaffMember.objects.bulk_create(members.values())
    StaffRole.objects.bulk_create(
        StaffRole(
            member=members[row.key],
            role=row.role,
            ends_on=today + timedelta(days=AUDIT_DAYS) if row.role == Role.AUDITOR else None,
        )
        for row in opened.facts.staff
    )


def _person(slug: str, row: StaffFacts, mailboxes: Mailboxes) -> Person:
    return Person(
        id=demo_id(slug, "person", row.key),
        given_name=row.given_name,
        family_name=row.family_name,
        search_name=plain(f"{row.family_name} {row.given_name}"),
        sort_name=sort_key(row.family_name, row.given_name),
        reach=Person.Reach.EMAIL,
        email=mailboxes.open(row.given_name, row.family_name, domain=STAFF_WRITE_TO),
    )


def _leader(opened: OpenCentre, row: StaffFacts) -> Resource:
    return Resource(
        id=demo_id(opened.facts.slug, "resource", row.key),
        timetable=opened.term.timetable,
        kind=Resource.Kind.SPECIALIST,
        name=row.name,
    )
