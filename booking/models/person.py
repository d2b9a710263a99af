"""Anybody the centre knows: a child, a guardian, a member of staff."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.names import plain, sort_key
from booking.models.sealing import digest, digests, seal, unseal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

MASKED_BUT = 2  # digits of a personal number that are shown, enough to compare with a card


def birthday(birth_date: date, age: int) -> date:
    """Return the day on which somebody becomes `age`.

    The age is reached as its last day begins (art. 112 of the Civil Code), which for somebody born on 29 February is
    28 February in a common year.
    """
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 2, 28)


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions about people; all that a reader may know starts with `visible_to`."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the people `user` may see on that day: herself, children she may view, her centres' people.

        A guardian without the right to view, whose right has ended, or who is barred from the child gets nothing;
        a desk in the hands of somebody barred does not open the child's homes.
        """
        from booking.models.household import Guardianship, Household  # noqa: PLC0415  the two models need each other

        person_id = getattr(user, "person_id", None)
        if person_id is None:
            return self.none()
        children = Guardianship.objects.in_force(on).filter(guardian_id=person_id, can_view=True).values("child_id")
        desk = Household.objects.of_desk(user, on)
        return self.filter(Q(pk=person_id) | Q(pk__in=children) | Q(households__in=desk)).distinct()

    def children_of(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the children whose guardian `user` is and whom she may view, youngest last."""
        from booking.models.household import Guardianship  # noqa: PLC0415  as above

        person_id = getattr(user, "person_id", None)
        rights = Guardianship.objects.in_force(on).filter(guardian_id=person_id, can_view=True)
        return self.filter(pk__in=rights.values("child_id")).order_by("birth_date", "given_name")

    def bookable_by(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the people `user` may enrol: herself, children she may book for, people of her desk."""
        from booking.models.household import Guardianship, Household  # noqa: PLC0415  as above

        person_id = getattr(user, "person_id", None)
        if person_id is None:
            return self.none()
        children = Guardianship.objects.in_force(on).filter(guardian_id=person_id, can_view=True, can_book=True)
        desk = Household.objects.of_desk(user, on)
        return self.filter(Q(pk=person_id) | Q(pk__in=children.values("child_id")) | Q(households__in=desk)).distinct()

    def one_bookable_by(self, user: Account | AnonymousUser, on: date, person_id: uuid.UUID) -> Person | None:
        """Return one of `bookable_by`, or None. Families are answered by their own right alone, one row of an index."""
        from booking.models.household import BETWEEN  # noqa: PLC0415  as above

        own_id = getattr(user, "person_id", None)
        if own_id is None:
            return None
        for right in BETWEEN.objects(guardian_id=own_id, child_id=person_id):
            if right.lets_book(on):
                child: Person = right.child
                return child
        return self.bookable_by(user, on).filter(pk=person_id).first()

    def booked_by(self, person_id: uuid.UUID, on: date) -> Self:
        """Return the family that one person may enrol, as its member: herself, and children she may book for."""
        from booking.models.household import Guardianship  # noqa: PLC0415  as above

        rights = Guardianship.objects.in_force(on).filter(guardian_id=person_id, can_view=True, can_book=True)
        return self.filter(Q(pk=person_id) | Q(pk__in=rights.values("child_id")))

    def of_desk(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the people in the households that `user` serves at a desk on that day."""
        from booking.models.household import Household  # noqa: PLC0415  as above

        return self.filter(households__in=Household.objects.of_desk(user, on)).distinct()

    def named_like(self, text: str) -> Self:
        """Return the people whose names hold every word of `text`, whatever the case and the diacritics."""
        found = self
        for word in plain(text).split():
            found = found.filter(search_name__contains=word)
        return found

    def with_pesel(self, pesel: str) -> Self:
        """Return the people who have this personal number."""
        return self.filter(pesel_digest__in=digests(pesel))

    def in_order(self) -> Self:
        """Put them in the order of a Polish register."""
        return self.order_by("sort_name", "birth_date", "pk")


class Person(models.Model):
    """A human being, child or adult, with one way to be reached.

    A personal number (PESEL) is optional: sealed where it is kept, found by its digest, shown as its last digits.
    `other_id` names the paper of those who have none.
    Purpose: to know whom a promise is made to. Retention: 5 years after the last service (project reports), then
    anonymised; the counts stay.
    """

    class Reach(models.TextChoices):
        """How the person wants to be told things."""

        EMAIL = "email", _("by e-mail")
        PHONE = "phone", _("by phone")
        LETTER = "letter", _("by letter")
        SCHOOL = "school", _("through the school")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100)
    search_name = models.CharField(max_length=220, editable=False, db_index=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    language = models.CharField(_("language of contact"), max_length=2, default="pl")
    reach = models.CharField(_("reached"), max_length=10, choices=Reach.choices, default=Reach.PHONE)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    # Where an SMS may be sent, written by booking.domain.sms_consents alone; empty: she has not allowed it.
    sms_phone = models.CharField(_("number for SMS"), max_length=16, blank=True, editable=False)
    reach_note = models.CharField(_("how to reach"), max_length=120, blank=True)
    sort_name = models.CharField(max_length=420, editable=False, db_index=True)
    pesel_sealed = models.TextField(editable=False, blank=True)
    pesel_digest = models.CharField(max_length=64, editable=False, blank=True, db_index=True)
    other_id = models.CharField(_("another document"), max_length=60, blank=True)
    privacy_notice_on = models.DateField(_("privacy notice handed over"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(language__in=["pl", "en", "uk"]), name="person_speaks_a_known_language"
            ),
            models.CheckConstraint(
                condition=models.Q(reach__in=["email", "phone", "letter", "school"]),
                name="person_is_reached_in_a_known_way",
            ),
            models.CheckConstraint(
                condition=~models.Q(reach="email") | ~models.Q(email=""), name="person_reached_by_email_has_one"
            ),
            models.CheckConstraint(
                condition=models.Q(pesel_sealed="", pesel_digest="")
                | ~models.Q(pesel_sealed="") & ~models.Q(pesel_digest=""),
                name="person_with_a_sealed_pesel_can_be_found_by_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def save(self, **kwargs: Any) -> None:
        """Keep the name as searching and ordering compare it; a rule about the row itself, nothing more."""
        self.search_name = plain(f"{self.family_name} {self.given_name}")
        self.sort_name = sort_key(self.family_name, self.given_name)
        super().save(**kwargs)

    def keep_pesel(self, pesel: str) -> None:
        """Put a checked personal number, or none, into the row; saving is the caller's."""
        self.pesel_sealed, self.pesel_digest = (seal(pesel), digest(pesel)) if pesel else ("", "")

    def open_pesel(self) -> str:
        """Return the personal number in the clear, or "": for sealing anew and for reports the law asks for."""
        return unseal(self.pesel_sealed) if self.pesel_sealed else ""

    @property
    def masked_pesel(self) -> str:
        """The last digits, for comparing with a card; "" where none is kept."""
        pesel = self.open_pesel()
        return "•" * (len(pesel) - MASKED_BUT) + pesel[-MASKED_BUT:] if pesel else ""

    @property
    def initials(self) -> str:
        """The first letters, the second signal beside a colour."""
        return f"{self.given_name[:1]}{self.family_name[:1]}"

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on that day; negative before birth, None if the birth date is not known."""
        if self.birth_date is None:
            return None
        years = day.year - self.birth_date.year
        return years if birthday(self.birth_date, years) <= day else years - 1
