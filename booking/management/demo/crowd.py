"""The people of a demo centre before they are stored: who they are, who lives together, who may decide about whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from booking.models import Guardianship, HouseholdMember, Person
from booking.models.names import plain

BIRTHDAY_AGO = 40  # days since the last birthday of people of the story, so that their age holds for the school year
FAMILIES_WRITE_TO = "example.org"
STAFF_WRITE_TO = "example.com"


def born_on(today: date, age: int, days_ago: int = BIRTHDAY_AGO) -> date:
    """Return the birth date of somebody who turned `age` that many days ago."""
    birthday = today - timedelta(days=days_ago)
    if (birthday.month, birthday.day) == (2, 29):
        birthday += timedelta(days=1)
    return birthday.replace(year=birthday.year - age)


@dataclass(slots=True)
class Mailboxes:
    """Gives everybody an address of her own that leads nowhere (RFC 2606)."""

    taken: set[str] = field(default_factory=set)

    def open(self, given_name: str, family_name: str, *, domain: str) -> str:
        """Return the first free address made of a name."""
        name = f"{plain(given_name)}.{plain(family_name)}".replace(" ", "-")
        number = 1
        while (address := f"{name}{number if number > 1 else ''}@{domain}") in self.taken:
            number += 1
        self.taken.add(address)
        return address


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a family."""

    key: str
    given_name: str
    family_name: str
    birth_date: date
    age: int
    language: str = "pl"
    reach: Person.Reach = Person.Reach.PHONE
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """A household: its number, village and the keys of those who live there, an adult first.

    Its children live there in `weeks`, every week or by turns with another home.
    """

    code: str
    village: str
    members: tuple[str, ...]
    weeks: HouseholdMember.Weeks = HouseholdMember.Weeks.EVERY

    def weeks_of(self, key: str) -> HouseholdMember.Weeks:
        """Return in which weeks somebody lives there; the adult always does."""
        return HouseholdMember.Weeks.EVERY if key == self.members[0] else self.weeks


@dataclass(frozen=True, slots=True)
class Bond:
    """A guardian of a child; `contact_ban` silences all her rights."""

    guardian: str
    child: str
    kind: Guardianship.Kind = Guardianship.Kind.PARENT
    can_book: bool = True
    contact_ban: bool = False
    court_reference: str = ""


@dataclass(slots=True)
class Crowd:
    """All people of one centre. Adults are given a phone number nobody can dial: Polish ones never begin with 1."""

    today: date
    villages: tuple[str, ...]
    mailboxes: Mailboxes
    number_from: int
    members: dict[str, Member] = field(default_factory=dict)
    homes: list[Home] = field(default_factory=list)
    bonds: list[Bond] = field(default_factory=list)

    def adult(  # noqa: PLR0913  a person is made of these facts
        self,
        key: str,
        given_name: str,
        family_name: str,
        *,
        age: int,
        language: str = "pl",
        reach: Person.Reach = Person.Reach.EMAIL,
        days_ago: int = BIRTHDAY_AGO,
        has_email: bool = True,
    ) -> str:
        """Add an adult and return her key; whoever is reached by letter has neither e-mail nor phone."""
        by_letter = reach == Person.Reach.LETTER
        address = ""
        if has_email and not by_letter:
            address = self.mailboxes.open(given_name, family_name, domain=FAMILIES_WRITE_TO)
        phone = "" if by_letter else f"+48{self.number_from + len(self.members):09d}"
        born = born_on(self.today, age, days_ago)
        self.members[key] = Member(key, given_name, family_name, born, age, language, reach, address, phone)
        return key

    def child(
        self,
        key: str,
        given_name: str,
        family_name: str,
        *,
        age: int,
        language: str = "pl",
        days_ago: int = BIRTHDAY_AGO,
    ) -> str:
        """Add a child, who is reached through her guardians, and return her key."""
        born = born_on(self.today, age, days_ago)
        self.members[key] = Member(key, given_name, family_name, born, age, language)
        return key

    def home(
        self,
        *members: str,
        village: str | None = None,
        weeks: HouseholdMember.Weeks = HouseholdMember.Weeks.EVERY,
    ) -> None:
        """Let people live together under the next number."""
        number = len(self.homes) + 1
        chosen = village or self.villages[number * 7 % len(self.villages)]
        self.homes.append(Home(f"R-{number:04d}", chosen, members, weeks))

    def family(self, adults: tuple[str, ...], children: tuple[str, ...], *, village: str | None = None) -> None:
        """Let adults live with children whose parents they are."""
        self.home(*adults, *children, village=village)
        self.bonds.extend(Bond(adult, child) for adult in adults for child in children)

    @property
    def guardians(self) -> list[Member]:
        """Those who are somebody's guardian, in the order they were added."""
        keys = {bond.guardian for bond in self.bonds}
        return [member for member in self.members.values() if member.key in keys]
