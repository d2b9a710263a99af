"""Loading the whole demo: two centres, their timetables, families and accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from django.db import transaction

from booking.management.demo import bojszowy, klobuck, story
from booking.management.demo.accounts import AccountCard, card, hand_out, store_accounts
from booking.management.demo.answers import store_answers
from booking.management.demo.care import store_care
from booking.management.demo.caseloads import store_caseloads
from booking.management.demo.centres import open_centre
from booking.management.demo.crowd import Crowd, Mailboxes
from booking.management.demo.emptying import empty_database
from booking.management.demo.families import store_enrolments, store_families
from booking.management.demo.population import Mix, populate
from booking.management.demo.safety import store_safety
from booking.management.demo.seating import Wishes, seat
from booking.management.demo.shapes import CentreFacts, demo_id
from booking.management.demo.staffing import store_staffing
from booking.management.demo.timetables import change_dates, publish_week, store_offer
from booking.management.demo.visits import store_visits
from booking.models import Account, Centre, Person

ADMINISTRATOR = "administrator@example.com"


@dataclass(frozen=True, slots=True)
class Village:
    """A centre with the people around it; `people` are those of its story that visitors of the demo can be."""

    facts: CentreFacts
    villages: tuple[str, ...]
    number_from: int
    tell: Callable[[Crowd], None]
    mix: Mix
    wishes: Wishes
    people: tuple[str, ...]


VILLAGES = (
    Village(
        klobuck.CENTRE,
        klobuck.VILLAGES,
        100_000_000,
        story.tell_klobuck,
        story.KLOBUCK_MIX,
        story.KLOBUCK_WISHES,
        ("parent", "parent_two", "parent_ukrainian", "co_parent", "barred_guardian", "phone_only"),
    ),
    Village(
        bojszowy.CENTRE,
        bojszowy.VILLAGES,
        100_500_000,
        story.tell_bojszowy,
        story.BOJSZOWY_MIX,
        story.BOJSZOWY_WISHES,
        ("parent_b",),
    ),
)


def is_loaded() -> bool:
    """Say whether the demo is in the database."""
    return Centre.objects.filter(slug__in=[village.facts.slug for village in VILLAGES]).exists()


@transaction.atomic
def load_demo(*, today: date, now: datetime, reset: bool = False) -> None:
    """Load both centres as they stand on `today`, all or nothing; nobody is told anything.

    The same day gives the same rows. `now` is the moment of the call, from which tokens live. With `reset` the
    database is emptied first.
    """
    if reset:
        empty_database()
    mailboxes = Mailboxes()
    for village in VILLAGES:
        _load_village(village, today=today, mailboxes=mailboxes)
    Account.objects.create_superuser(ADMINISTRATOR, "", id=demo_id("account", ADMINISTRATOR))
    hand_out(demo_cards(), {str(account.email): account for account in Account.objects.all()}, now=now)


def _load_village(village: Village, *, today: date, mailboxes: Mailboxes) -> None:
    facts = village.facts
    opened = open_centre(facts, today=today, mailboxes=mailboxes)
    midnight = datetime.combine(today, time.min, opened.term.timetable.tz)
    store_offer(opened)
    publish_week(opened, now=midnight)
    change_dates(opened, now=midnight)
    crowd = Crowd(today=today, villages=village.villages, mailboxes=mailboxes, number_from=village.number_from)
    village.tell(crowd)
    populate(crowd, village.mix, random=Random(facts.slug))  # noqa: S311  for invented people
    people = store_families(opened, crowd)
    accounts = store_accounts([*(people[member.key] for member in crowd.guardians), *opened.staff.values()])
    seats = seat(facts.activities, facts.week, crowd.members, village.wishes, facts.slug)
    organiser = accounts[opened.staff["organiser"].email]
    store_enrolments(opened, seats, people, by=organiser, now=midnight)
    store_care(opened, people, by=organiser, now=midnight)
    store_answers(opened, people, by=organiser, now=midnight)
    store_safety(opened, people, by=organiser, today=today, now=midnight)
    store_staffing(opened, by=organiser, today=today, now=midnight)
    store_caseloads(opened, people, by=organiser, today=today, now=midnight)
    store_visits(opened, people, by=organiser, now=midnight)


def demo_cards() -> list[AccountCard]:
    """Return the cards of everyone a visitor of the demo can be, read from the database."""
    found = []
    for village in VILLAGES:
        slug = village.facts.slug
        keys = {demo_id(slug, "person", key): key for key in village.people}
        keys |= {demo_id(slug, "person", row.key): row.account for row in village.facts.staff if row.account}
        people = Person.objects.select_related("account").in_bulk(list(keys))
        found += [
            card(key, name=str(people[pk]), centre=slug, login=_login(people[pk]))
            for pk, key in keys.items()
            if pk in people
        ]
    return [*found, card("administrator", name="Administrator", centre=None, login=ADMINISTRATOR)]


def _login(person: Person) -> str | None:
    account: Account | None = getattr(person, "account", None)
    return account.email if account else None
