"""A rush for load tests: open groups with few places and many families who may all take one."""

from __future__ import annotations

import secrets
import uuid
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from booking.management.demo.accounts import TOKEN_PREFIX, store_tokens
from booking.management.demo.crowd import FAMILIES_WRITE_TO, born_on
from booking.management.demo.school_year import school_year
from booking.models import Account, Activity, Centre, Group, Guardianship, Household, HouseholdMember, Person
from booking.models.names import plain, sort_key
from scheduler.domain.planning import draft_series, open_timetable
from scheduler.domain.publishing import publish_series
from scheduler.models import Series, Term
from scheduler.models.closure import Voivodeship

SLUG = "rush"
BATCH = 500
CHILD_AGE, GUARDIAN_AGE = 8, 35
AGES = (6, 12)
TOKEN_DAYS = 7
FIRST_HOUR, MEETINGS_A_DAY, DAYS_A_WEEK = 8, 24, 6  # half an hour each: 144 groups meet without a clash


@transaction.atomic
def open_groups(*, groups: int, places: int, today: date, now: datetime) -> list[uuid.UUID]:
    """Store and publish that many open groups of a centre made for it, and return their ids.

    Up to 144 groups of one call never meet at the same time, so that a child may join any of them.
    """
    term = _term(_rush_centre(), today)
    activity = _activity(term)
    rows, links = [], []
    for number in range(groups):
        series = _draft(term, number)
        group = Group(
            activity=activity,
            term=term,
            name=f"Grupa {number + 1}",
            age_from=AGES[0],
            age_until=AGES[1],
            capacity=places,
            waitlist=True,
        )
        rows.append(group)
        links.append(Group.series.through(group=group, series=series))
    Group.objects.bulk_create(rows, batch_size=BATCH)
    Group.series.through.objects.bulk_create(links, batch_size=BATCH)
    publish_series(series_ids=[link.series_id for link in links], now=now)
    return [group.pk for group in rows]


@transaction.atomic
def invite_families(*, families: int, today: date, now: datetime) -> list[tuple[str, uuid.UUID]]:
    """Store that many families of a guardian and a child who fits the groups; return the tokens and the children.

    Guardians cannot log in with a password; their tokens end in a week.
    """
    centre = _rush_centre()
    run = secrets.token_hex(4)  # tells the families of one call from those of another
    guardians = [_person(f"Rodzic {number}", today, GUARDIAN_AGE, f"{run}.{number}") for number in range(families)]
    children = [_person(f"Dziecko {number}", today, CHILD_AGE) for number in range(families)]
    Person.objects.bulk_create([*guardians, *children], batch_size=BATCH)
    homes = [Household(centre=centre, code=f"{run[:6]}{number:06d}", name=run) for number in range(families)]
    Household.objects.bulk_create(homes, batch_size=BATCH)
    HouseholdMember.objects.bulk_create(
        [
            HouseholdMember(household=home, person=person)
            for home, *members in zip(homes, guardians, children, strict=True)
            for person in members
        ],
        batch_size=BATCH,
    )
    Guardianship.objects.bulk_create(
        [Guardianship(guardian=one, child=other) for one, other in zip(guardians, children, strict=True)],
        batch_size=BATCH,
    )
    accounts = [Account(email=person.email, person=person, password=make_password(None)) for person in guardians]
    Account.objects.bulk_create(accounts, batch_size=BATCH)
    tokens = [TOKEN_PREFIX + secrets.token_hex(32) for _ in accounts]
    store_tokens(zip(accounts, tokens, strict=True), expiry=now + timedelta(days=TOKEN_DAYS))
    return [(token, child.pk) for token, child in zip(tokens, children, strict=True)]


def _rush_centre() -> Centre:
    found = Centre.objects.filter(slug=SLUG).select_related("timetable").first()
    return found or Centre.objects.create(
        slug=SLUG,
        name="Próba obciążenia (dane przykładowe)",
        kind=Centre.Kind.DAY_SUPPORT_FACILITY,
        timetable=open_timetable(name="Próba obciążenia", slug=SLUG, voivodeship=Voivodeship.SLASKIE),
    )


def _term(centre: Centre, today: date) -> Term:
    first, last = school_year(today)
    term, _ = Term.objects.get_or_create(
        timetable=centre.timetable,
        name=f"{first.year}/{last.year}",
        defaults={"starts_on": first, "ends_on": last},
    )
    return term


def _activity(term: Term) -> Activity:
    centre = term.timetable.centre
    found = Activity.objects.filter(centre=centre).first()
    return found or Activity.objects.create(
        centre=centre,
        kind=Activity.Kind.WORKSHOP,
        name_pl="Zajęcia próbne",
        name_en="Trial classes",
        name_uk="Пробні заняття",
    )


def _draft(term: Term, number: int) -> Series:
    day, place = divmod(number, MEETINGS_A_DAY)
    minutes = FIRST_HOUR * 60 + place * 30
    ends = minutes + 30
    first = term.starts_on
    return draft_series(
        term=term,
        title=f"Zajęcia próbne {number + 1}",
        day=first + timedelta(days=(day % DAYS_A_WEEK - first.weekday()) % 7),
        starts=time(*divmod(minutes, 60)),
        ends=time(*divmod(ends, 60)),
        audience=Series.Audience.PUBLIC,
    )


def _person(given_name: str, today: date, age: int, mailbox: str = "") -> Person:
    family_name = "Próbna"
    return Person(
        given_name=given_name,
        family_name=family_name,
        search_name=plain(f"{family_name} {given_name}"),
        sort_name=sort_key(family_name, given_name),
        birth_date=born_on(today, age),
        reach=Person.Reach.EMAIL if mailbox else Person.Reach.PHONE,
        email=f"rush.{mailbox}@{FAMILIES_WRITE_TO}" if mailbox else "",
    )
