"""Plain functions that make what a test needs, each with sensible facts, so that a test names only what it is about.

The clock of the tests is `NOW`, a Monday morning in the middle of the first term: pass it on as `now=`, and stop the
clock at it (`time_machine.travel(NOW, tick=False)`) where a page asks for the time itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from schedule.models import Calendar

from booking.domain.enrolment import enrol_child
from booking.models import (
    Account,
    Activity,
    Centre,
    ConsentPurpose,
    ConsentText,
    Enrolment,
    Group,
    Guardianship,
    Household,
    HouseholdMember,
    Person,
    Role,
    Service,
    StaffMember,
    StaffRole,
)
from scheduler.domain.planning import draft_series
from scheduler.domain.publishing import publish_series
from scheduler.models import Place, Recurrence, Resource, Series, Term, Timetable

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
TODAY = NOW.date()
TERM_STARTS_ON, TERM_ENDS_ON = date(2026, 9, 1), date(2027, 6, 25)
PUBLISHED_AT = datetime(2026, 8, 24, 10, 0, tzinfo=UTC)
PASSWORD = "only-invented-9"

_numbers = itertools.count(1)


def _next() -> int:
    return next(_numbers)


# -- time and places --------------------------------------------------------------------------------------------------


def make_timetable(*, name: str = "", zone: str = "Europe/Warsaw", voivodeship: str = "24") -> Timetable:
    """Make a timetable of Śląskie, on Polish time."""
    name = name or f"Grafik {_next()}"
    calendar = Calendar.objects.create(name=name, slug=f"timetable-{_next()}")
    return Timetable.objects.create(name=name, zone=zone, voivodeship=voivodeship, calendar=calendar)


def make_term(
    timetable: Timetable | None = None,
    *,
    name: str = "",
    starts_on: date = TERM_STARTS_ON,
    ends_on: date = TERM_ENDS_ON,
) -> Term:
    """Make a term: the school year 2026/27 unless told otherwise."""
    timetable = timetable or make_timetable()
    return Term.objects.create(
        timetable=timetable, name=name or f"2026/27 ({_next()})", starts_on=starts_on, ends_on=ends_on
    )


def make_place(timetable: Timetable, *, name: str = "", **facts: Any) -> Place:
    """Make a building."""
    return Place.objects.create(timetable=timetable, name=name or f"Dom {_next()}", **facts)


def make_room(
    timetable: Timetable, *, name: str = "", place: Place | None = None, capacity: int | None = 15
) -> Resource:
    """Make a room."""
    return Resource.objects.create(
        timetable=timetable, kind=Resource.Kind.ROOM, name=name or f"Sala {_next()}", place=place, capacity=capacity
    )


def make_specialist(timetable: Timetable, *, name: str = "") -> Resource:
    """Make the resource that a leading person is; `make_staff` makes the person too."""
    return Resource.objects.create(
        timetable=timetable, kind=Resource.Kind.SPECIALIST, name=name or f"Prowadząca {_next()}"
    )


def make_equipment(timetable: Timetable, *, name: str = "", units: int = 1) -> Resource:
    """Make equipment with some equal units."""
    return Resource.objects.create(
        timetable=timetable, kind=Resource.Kind.EQUIPMENT, name=name or f"Zestaw {_next()}", units=units
    )


def make_series(
    term: Term | None = None,
    *,
    title: str = "",
    day: date = date(2026, 9, 2),
    starts: time = time(16, 0),
    ends: time = time(16, 45),
    recurrence: str = Recurrence.WEEKLY,
    weekdays: Iterable[int] = (),
    room: Resource | None = None,
    leader: Resource | None = None,
    resources: Iterable[Resource] = (),
    kind: str = Series.Kind.MEETING,
    audience: str = Series.Audience.PUBLIC,
    on_breaks: str = Series.OnBreaks.REST,
    published: bool = True,
) -> Series:
    """Make a public series, every Wednesday at 16:00 unless told otherwise, with its sessions."""
    series = draft_series(
        term=term or make_term(),
        title=title or f"Zajęcia {_next()}",
        day=day,
        starts=starts,
        ends=ends,
        recurrence=recurrence,
        weekdays=weekdays,
        room=room,
        leader=leader,
        resources=resources,
        kind=kind,
        audience=audience,
        on_breaks=on_breaks,
    )
    if published:
        publish_series(series_ids=[series.pk], now=PUBLISHED_AT)
        series.refresh_from_db()
    return series


# -- centres and people -----------------------------------------------------------------------------------------------


def make_centre(*, slug: str = "", name: str = "", timetable: Timetable | None = None, **facts: Any) -> Centre:
    """Make a centre with a timetable of its own."""
    slug = slug or f"centre-{_next()}"
    facts = {"kind": Centre.Kind.DAY_SUPPORT_FACILITY} | facts
    return Centre.objects.create(
        slug=slug, name=name or f"Centrum {slug}", timetable=timetable or make_timetable(), **facts
    )


def born(age: int, *, on: date = TODAY) -> date:
    """Return the birth date of somebody who has been `age` for some months on that day."""
    return date(on.year - age, on.month, 1) - timedelta(days=90)


def make_person(*, given_name: str = "", family_name: str = "Zmyślona", age: int | None = 35, **facts: Any) -> Person:
    """Make a person who is reached by phone; `age` None leaves the birth date out."""
    facts = {"birth_date": None if age is None else born(age)} | facts
    return Person.objects.create(given_name=given_name or f"Osoba{_next()}", family_name=family_name, **facts)


def make_account(person: Person | None = None, *, email: str = "", **facts: Any) -> Account:
    """Make an account with the password `PASSWORD`; for a new person unless one is given."""
    person = person or make_person()
    email = email or person.email or f"person{_next()}@example.org"
    if not person.email:
        person.email, person.reach = email, Person.Reach.EMAIL
        person.save()
    return Account.objects.create_user(email, PASSWORD, person=person, **facts)


@dataclass(frozen=True)
class Family:
    """A household with one guardian who may log in."""

    household: Household
    guardian: Person
    account: Account
    children: list[Person]

    @property
    def child(self) -> Person:
        """The first child."""
        return self.children[0]


def make_household(centre: Centre, people: Iterable[Person] = ()) -> Household:
    """Make a household of some people."""
    number = _next()
    household = Household.objects.create(centre=centre, code=f"R-{number}", name=f"Rodzina {number}")
    for person in people:
        HouseholdMember.objects.create(household=household, person=person)
    return household


def make_guardianship(guardian: Person, child: Person, **rights: Any) -> Guardianship:
    """Make somebody the guardian of a child, with all rights unless told otherwise."""
    return Guardianship.objects.create(guardian=guardian, child=child, **rights)


def make_family(centre: Centre | None = None, *, children: Sequence[int] = (7,)) -> Family:
    """Make a mother with an account, and children of the given ages whom she is the guardian of."""
    centre = centre or make_centre()
    family_name = f"Zmyślona-{_next()}"
    guardian = make_person(given_name="Anna", family_name=family_name)
    account = make_account(guardian)
    made = [
        make_person(given_name=f"Dziecko{number}", family_name=family_name, age=age)
        for number, age in enumerate(children, start=1)
    ]
    for child in made:
        make_guardianship(guardian, child)
    return Family(make_household(centre, [guardian, *made]), guardian, account, made)


def make_co_guardian(family: Family, **rights: Any) -> Account:
    """Make a second guardian of all the family's children, with an account and the given rights."""
    person = make_person(given_name="Piotr", family_name=family.guardian.family_name)
    for child in family.children:
        make_guardianship(person, child, **rights)
    return make_account(person)


def make_staff(
    role: str = Role.ORGANISER,
    *,
    centre: Centre | None = None,
    person: Person | None = None,
    resource: Resource | None = None,
    **facts: Any,
) -> StaffMember:
    """Make a member of staff with one role and an account (`member.person.account`).

    Roles that lead sessions get a resource of the centre's timetable.
    """
    centre = centre or make_centre()
    person = person or make_person(family_name=f"Pracowniczka-{_next()}")
    if not Account.objects.filter(person=person).exists():
        make_account(person)
    if resource is None and role in {Role.SPECIALIST, Role.EDUCATOR, Role.INSTRUCTOR, Role.FAMILY_ASSISTANT}:
        resource = make_specialist(centre.timetable, name=f"{person} {_next()}")
    member = StaffMember.objects.create(
        person=person, centre=centre, job_title=str(Role(role).label), resource=resource
    )
    StaffRole.objects.create(member=member, role=role, **facts)
    return member


# -- offers and promises ----------------------------------------------------------------------------------------------


def make_activity(
    centre: Centre | None = None, *, name: str = "", kind: str = Activity.Kind.ROBOTICS, **facts: Any
) -> Activity:
    """Make a public activity."""
    return Activity.objects.create(
        centre=centre or make_centre(), kind=kind, name=name or f"Aktywność {_next()}", **facts
    )


def make_service(centre: Centre | None = None, *, name: str = "", **facts: Any) -> Service:
    """Make a service that is listed in the catalogue."""
    return Service.objects.create(centre=centre or make_centre(), name=name or f"Usługa {_next()}", **facts)


def make_group(
    activity: Activity | None = None,
    *,
    name: str = "",
    term: Term | None = None,
    capacity: int = 12,
    ages: tuple[int | None, int | None] = (None, None),
    series: Iterable[Series] = (),
    **facts: Any,
) -> Group:
    """Make an open group for children of `ages` (from, up to and including), without sessions unless `series` has some.

    The term is that of the first series, or a new one of the activity's centre.
    """
    lines = list(series)
    activity = activity or make_activity(_centre_of(lines))
    term = term or (lines[0].term if lines else make_term(activity.centre.timetable))
    group = Group.objects.create(
        activity=activity,
        term=term,
        name=name or f"Grupa {_next()}",
        capacity=capacity,
        age_from=ages[0],
        age_until=ages[1],
        **facts,
    )
    group.series.set(lines)
    return group


def _centre_of(lines: list[Series]) -> Centre | None:
    if not lines:
        return None
    found = Centre.objects.filter(timetable=lines[0].timetable_id).first()
    return found or make_centre(timetable=lines[0].timetable)


def make_weekly_group(
    activity: Activity | None = None,
    *,
    day: date = date(2026, 9, 2),
    starts: time = time(16, 0),
    ends: time = time(16, 45),
    room: Resource | None = None,
    leader: Resource | None = None,
    **facts: Any,
) -> Group:
    """Make a group with one published weekly series, Wednesdays at 16:00 unless told otherwise."""
    activity = activity or make_activity()
    term = make_term(activity.centre.timetable)
    series = make_series(term, title=activity.name, day=day, starts=starts, ends=ends, room=room, leader=leader)
    return make_group(activity, term=term, series=[series], **facts)


def make_enrolment(child: Person, group: Group, *, by: Account | None = None, now: datetime = NOW) -> Enrolment:
    """Enrol a child as the desk would; `group` then knows its places."""
    enrolment = enrol_child(child=child, group=group, by=by or make_account(), now=now, by_desk=True)
    group.refresh_from_db(fields=["places_taken", "updated_at"])
    return enrolment


def make_consent_text(
    group: Group, *, name: str = "Wizerunek", all_guardians: bool = False, version: int = 1
) -> ConsentText:
    """Make a purpose of consent that a group needs, with its words in three languages."""
    facts = {"centre": group.activity.centre, "name": name}
    purpose, _made = ConsentPurpose.objects.get_or_create(**facts, defaults={"all_guardians": all_guardians})
    purpose.groups.add(group)
    words = {"body_pl": "Zgadzam się.", "body_en": "I agree.", "body_uk": "Я згоден."}
    starts_on = TERM_STARTS_ON + timedelta(days=version)
    return ConsentText.objects.create(purpose=purpose, version=version, valid_from=starts_on, **words)
