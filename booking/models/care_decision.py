"""What was decided about a child and her guardians in matters of services: who is not to know, whose consent counts."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class CareDecisionQuerySet(models.QuerySet["CareDecision"]):
    """Questions about decisions."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return those about people of the reader's desk; a guardian is not told that something is hidden from her."""
        return self.filter(person__in=Person.objects.of_desk(user, on))

    def in_force(self, on: date) -> Self:
        """Return those that hold on that day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)

    def about(self, service_id: uuid.UUID) -> Self:
        """Return those that hold for all visits to a service: its own, and those for all services."""
        return self.filter(Q(service=service_id) | Q(service__isnull=True), appointment__isnull=True)

    def about_visit(self, visit_id: uuid.UUID, service_id: uuid.UUID) -> Self:
        """Return those that hold for one visit: its own, those for its service, and those for all services."""
        general = Q(service=service_id) | Q(service__isnull=True)
        return self.filter(Q(appointment=visit_id) | general & Q(appointment__isnull=True))

    def touching(self, service_id: uuid.UUID) -> Self:
        """Return those that hold for any visit to a service, be it a single one."""
        general = Q(service=service_id) | Q(service__isnull=True, appointment__isnull=True)
        return self.filter(general | Q(appointment__service=service_id))

    def hiding_from(self, guardian_id: uuid.UUID | None) -> Self:
        """Return those that keep something from one guardian."""
        return self.filter(kind=CareDecision.Kind.HIDDEN, guardian=guardian_id)


class CareDecision(models.Model):
    """One decision about one person: for all services, for one of them, or for a single visit.

    Hidden: one guardian neither sees the visits nor hears of them, whatever rights she has otherwise. Consent: a court
    decided, so that nobody's consent has to be waited for.
    Purpose: what a court or the safety of a child asks for holds in every page, feed and message. Retention: as the
    child's record.
    """

    class Kind(models.TextChoices):
        """What was decided."""

        HIDDEN = "hidden", _("visits are hidden from a guardian")
        CONSENT = "consent", _("a court decided in place of the guardians' consent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="care_decisions")
    kind = models.CharField(_("decided"), max_length=8, choices=Kind.choices)
    service = models.ForeignKey(
        "booking.Service", on_delete=models.CASCADE, null=True, blank=True, related_name="care_decisions"
    )
    appointment = models.ForeignKey(
        "booking.Appointment", on_delete=models.CASCADE, null=True, blank=True, related_name="care_decisions"
    )
    guardian = models.ForeignKey(
        "booking.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="care_decisions_against"
    )
    reference = models.CharField(_("on what it rests"), max_length=120)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until and including"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="care_decisions_recorded"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = CareDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision about services")
        verbose_name_plural = _("decisions about services")
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="hidden", guardian__isnull=False) | Q(kind="consent", guardian__isnull=True),
                name="decision_hides_from_a_guardian_or_stands_for_consent",
            ),
            models.CheckConstraint(
                condition=Q(appointment__isnull=True) | Q(kind="hidden", service__isnull=True),
                name="decision_about_one_visit_hides_that_visit",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="decision_says_on_what_it_rests"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="decision_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"
