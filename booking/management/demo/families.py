"""Storing the families of a centre and their places in its groups, in few and large inserts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from booking.management.demo.centres import OpenCentre
from booking.management.demo.crowd import Bond, Crowd, Member
from booking.management.demo.seating import Seats
from booking.management.demo.shapes import demo_id
from booking.models import Account, Enrolment, Group, Guardianship, Household, HouseholdMember, LineEvent, Person
from booking.models.names import plain, sort_key

BATCH = 500


def store_families(opened: OpenCentre, crowd: Crowd) -> dict[str, Person]:
    """Store people, households and guardianships, and return the people by key."""
    slug = opened.facts.slug
    people = {key: _person(slug, member) for key, member in crowd.members.items()}
    Person.objects.bulk_create(people.values(), batch_size=BATCH)
    homes = {
        home.code: Household(
            id=demo_id(slug, "household", home.code),
            centre=opened.centre,
            code=home.code,
            name=crowd.members[home.members[0]].family_name,
            village=home.village,
        )
        for home in crowd.homes
    }
    Household.objects.bulk_create(homes.values(), batch_size=BATCH)
    HouseholdMember.objects.bulk_create(
        [
            HouseholdMember(household=homes[home.code], person=people[key], weeks=home.weeks_of(key))
            for home in crowd.homes
            for key in home.members
        ],
        batch_size=BATCH,
    )
    Guardianship.objects.bulk_create([_guardianship(slug, bond, people) for bond in crowd.bonds], batch_size=BATCH)
    return people


def _person(slug: str, member: Member) -> Person:
    return Person(
        id=demo_id(slug, "person", member.key),
        given_name=member.given_name,
        family_name=member.family_name,
        search_name=plain(f"{member.family_name} {member.given_name}"),
        sort_name=sort_key(member.family_name, member.given_name),
        birth_date=member.birth_date,
        language=member.language,
        reach=member.reach,
        email=member.email,
        phone=member.phone,
    )


def _guardianship(slug: str, bond: Bond, people: Mapping[str, Person]) -> Guardianship:
    return Guardianship(
        id=demo_id(slug, "guardianship", bond.guardian, bond.child),
        guardian=people[bond.guardian],
        child=people[bond.child],
        kind=bond.kind,
        can_book=bond.can_book,
        can_consent=bond.kind != Guardianship.Kind.ACTUAL_CARER,
        contact_ban=bond.contact_ban,
        court_reference=bond.court_reference,
    )


def store_enrolments(
    opened: OpenCentre, seats: Seats, people: Mapping[str, Person], *, by: Account, now: datetime
) -> None:
    """Store who has a place and who gave one back, and count the places; tells nobody."""
    random = Random(opened.facts.slug)  # noqa: S311  for invented dates
    rows = []
    for key, group in opened.groups.items():
        rows += [_enrolment(group, people[member], by=by, moment=_before(now, random)) for member in seats.now[key]]
        for place, member in enumerate(seats.earlier[key]):
            row = _enrolment(group, people[member], by=by, moment=_before(now, random))
            row.status = Enrolment.Status.WITHDRAWN if place % 2 else Enrolment.Status.ENDED
            row.updated_at = row.created_at + timedelta(days=1)
            rows.append(row)
        line = [
            _in_line(group, people[member], place, by=by, now=now) for place, member in enumerate(seats.waiting[key])
        ]
        rows += line
        Group.objects.filter(pk=group.pk).update(
            places_taken=len(seats.now[key]), waiting=len(line), line_numbers=len(line)
        )
    Enrolment.objects.bulk_create(rows, batch_size=BATCH)
    LineEvent.objects.bulk_create(
        [
            LineEvent(enrolment=row, kind=LineEvent.Kind.JOINED, by=by, at=row.created_at)
            for row in rows
            if row.status == Enrolment.Status.WAITING
        ]
    )


def _in_line(group: Group, child: Person, place: int, *, by: Account, now: datetime) -> Enrolment:
    """Return the entry of somebody who joined the line a day after the one before her."""
    row = _enrolment(group, child, by=by, moment=now - timedelta(days=20 - place, minutes=7 * place))
    row.status, row.line_number = Enrolment.Status.WAITING, place + 1
    return row


def _before(now: datetime, random: Random) -> datetime:
    return now - timedelta(days=random.randint(2, 60), minutes=random.randint(0, 600))


def _enrolment(group: Group, child: Person, *, by: Account, moment: datetime) -> Enrolment:
    return Enrolment(
        id=demo_id("enrolment", group.pk, child.pk),
        group=group,
        child=child,
        enrolled_by=by,
        created_at=moment,
        updated_at=moment,
    )
