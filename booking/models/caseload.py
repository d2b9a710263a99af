"""Which families a family assistant works with."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking.models.household import Guardianship, Household
from booking.models.staff import StaffRole

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class FamilyCaseQuerySet(models.QuerySet["FamilyCase"]):
    """Questions about caseloads."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return those of the reader's desk, and her own as an assistant."""
        reader = getattr(user, "person_id", None)
        at_desk = Q(household__in=Household.objects.of_desk(user, on).values("pk"))
        return self.filter(at_desk | Q(pk__in=FamilyCase.objects.kept_by(reader, on).values("pk")))

    def kept_by(self, person_id: uuid.UUID | None, on: date) -> Self:
        """Return the families that somebody works with as their assistant, without homes from which she is barred.

        Of whoever has left, the families stay with the centre until another assistant takes them on.
        """
        if person_id is None:
            return self.none()
        barred = Guardianship.objects.barring(person_id, on).values("child_id")
        working = StaffRole.objects.in_force(on).filter(member__person=person_id).values("member")
        return self.filter(member__in=working).exclude(household__members__in=barred)

    def open(self) -> Self:
        """Return those that are worked with at present."""
        return self.filter(ends_on__isnull=True)

    def over_before(self, day: date) -> Self:
        """Return those that ended before a day."""
        return self.filter(ends_on__lt=day)


class FamilyCase(models.Model):
    """That an assistant works with a family, from a day until a day. There is no field for how it goes.

    A family has one assistant at a time. Taking one more than the policy allows asks for a reason, which stays.
    Purpose: to know whose family it is, and that nobody has more of them than she can help. Retention: 5 years after
    the work ended (project reports), then deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey("booking.StaffMember", on_delete=models.PROTECT, related_name="cases")
    household = models.ForeignKey("booking.Household", on_delete=models.CASCADE, related_name="cases")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until and including"), null=True, blank=True)
    over_limit_reason = models.CharField(_("why one more than the limit"), max_length=300, blank=True)
    assigned_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="cases_assigned"
    )
    assigned_at = models.DateTimeField(_("assigned"))

    objects = FamilyCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("family of an assistant")
        verbose_name_plural = _("families of assistants")
        ordering = ["household__name", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(ends_on__isnull=True), name="family_has_one_assistant_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="work_with_a_family_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} – {self.member}"
