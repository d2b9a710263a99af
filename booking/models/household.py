"""Families: who lives together, who is whose guardian and what that guardian may do."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking.models.centre import Centre
from scheduler.models.prepared import PreparedQuery

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

FIRST_WEEK_A = date(2024, 1, 1)  # a Monday; weeks A and B alternate from here, over the turn of every year


def week_letter(day: date) -> HouseholdMember.Weeks:
    """Return whether the week of that day is a week A or a week B of alternating care."""
    return HouseholdMember.Weeks.B if (day - FIRST_WEEK_A).days // 7 % 2 else HouseholdMember.Weeks.A


class HouseholdQuerySet(models.QuerySet["Household"]):
    """Questions about households."""

    def of_desk(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the households of the centres at whose desk `user` works on that day.

        A home of a child from whom she is barred is none of them: it would tell her where the child lives.
        """
        barred = Guardianship.objects.barring(getattr(user, "person_id", None), on).values("child_id")
        return self.filter(centre__in=Centre.objects.with_desk_of(user, on)).exclude(members__in=barred)


class Household(models.Model):
    """People who live together and are one family to the centre.

    Purpose: the family is the unit the centre supports. Retention: 5 years after the last service of any member.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("booking.Centre", on_delete=models.PROTECT, related_name="households")
    code = models.CharField(_("household number"), max_length=12)
    name = models.CharField(_("name"), max_length=120)
    village = models.CharField(_("village or town"), max_length=100, blank=True)
    address = models.CharField(_("address for letters"), max_length=200, blank=True)
    is_resident = models.BooleanField(_("lives in the municipality"), default=True)
    members = models.ManyToManyField("booking.Person", through="booking.HouseholdMember", related_name="households")

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "code"], name="household_number_is_unique_in_its_centre"),
        ]

    def __str__(self) -> str:
        return self.name


class HouseholdMember(models.Model):
    """That a person lives in a household; a child of two homes has two.

    Purpose: to know who belongs together. Retention: as the household.
    """

    class Weeks(models.TextChoices):
        """In which weeks the person lives there: alternating care has two homes."""

        EVERY = "every", _("every week")
        A = "a", _("weeks A")
        B = "b", _("weeks B")

    household = models.ForeignKey(Household, on_delete=models.CASCADE)
    person = models.ForeignKey("booking.Person", on_delete=models.CASCADE)
    weeks = models.CharField(_("lives here"), max_length=5, choices=Weeks.choices, default=Weeks.EVERY)

    class Meta:
        verbose_name = _("household member")
        verbose_name_plural = _("household members")
        constraints = [
            models.UniqueConstraint(fields=["household", "person"], name="person_is_in_a_household_once"),
            models.CheckConstraint(condition=Q(weeks__in=["every", "a", "b"]), name="member_lives_in_known_weeks"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.household}"

    def is_here_on(self, day: date) -> bool:
        """Whether the person lives there in the week of that day."""
        return self.weeks in {self.Weeks.EVERY, week_letter(day)}


class GuardianshipQuerySet(models.QuerySet["Guardianship"]):
    """Questions about guardianships."""

    def in_force(self, on: date) -> Self:
        """Those that hold on that day and are not silenced by a contact ban."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=on),
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            contact_ban=False,
        )

    def barring(self, person_id: uuid.UUID | None, on: date) -> Self:
        """The contact bans of one adult that hold on that day."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=on),
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            guardian_id=person_id,
            contact_ban=True,
        )


class Guardianship(models.Model):
    """What one adult is to one child, and what that lets her do.

    Purpose: to show and tell the right people and nobody else. Retention: as the child's record.
    """

    class Kind(models.TextChoices):
        """By what right (Family and Guardianship Code; Act of 12 March 2022 for temporary guardians)."""

        PARENT = "parent", _("parent")
        LEGAL_GUARDIAN = "legal_guardian", _("legal guardian")
        ACTUAL_CARER = "actual_carer", _("actual carer")
        TEMPORARY_GUARDIAN = "temporary_guardian", _("temporary guardian")
        COURT_OFFICER = "court_officer", _("court officer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guardian = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="guardian_of")
    child = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="guardians")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.PARENT)
    can_view = models.BooleanField(_("may see"), default=True)
    can_book = models.BooleanField(_("may enrol and withdraw"), default=True)
    can_collect = models.BooleanField(_("may collect"), default=True)
    can_consent = models.BooleanField(_("may consent"), default=True)
    contact_ban = models.BooleanField(_("barred from contact"), default=False)
    court_reference = models.CharField(_("court file number"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until and including"), null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        constraints = [
            models.UniqueConstraint(fields=["guardian", "child"], name="guardian_of_a_child_is_listed_once"),
            models.CheckConstraint(condition=~Q(guardian=F("child")), name="nobody_is_ones_own_guardian"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["parent", "legal_guardian", "actual_carer", "temporary_guardian", "court_officer"]
                ),
                name="guardianship_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="guardianship_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guardian} – {self.child}"

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on that day and is not silenced by a contact ban."""
        begun = self.starts_on is None or self.starts_on <= on
        return begun and (self.ends_on is None or self.ends_on >= on) and not self.contact_ban

    def lets_book(self, on: date) -> bool:
        """Whether the guardian may enrol the child on that day."""
        return self.can_view and self.can_book and self.is_in_force(on)


def _between(*, guardian_id: uuid.UUID, child_id: uuid.UUID) -> models.QuerySet[Guardianship]:
    rights = Guardianship.objects.filter(guardian_id=guardian_id, child_id=child_id)
    return rights.select_related("child").order_by("pk")


def _of_child(*, child_id: uuid.UUID) -> models.QuerySet[Guardianship]:
    return Guardianship.objects.filter(child_id=child_id).select_related("guardian").order_by("guardian_id")


# Asked at every enrolment: whether one adult is the guardian of one child, and who the guardians of a child are.
BETWEEN, OF_CHILD = PreparedQuery(_between), PreparedQuery(_of_child)
