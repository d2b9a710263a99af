"""That somebody wants to be told when an earlier time for a visit becomes free."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from booking.models.care_decision import CareDecision
from booking.models.modes import MODES, Mode
from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class SlotWatchQuerySet(models.QuerySet["SlotWatch"]):
    """Questions about watches."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the watches of people `user` may see, but not for visits that a decision hides from her."""
        reader = getattr(user, "person_id", None)
        decisions = CareDecision.objects.in_force(on).hiding_from(reader).filter(appointment__isnull=True)
        of_service = Q(service=OuterRef("service")) | Q(service__isnull=True)
        hidden = decisions.filter(of_service, person=OuterRef("person"))
        return self.filter(Q(person=reader) | ~Exists(hidden), person__in=Person.objects.visible_to(user, on))

    def open_at(self, now: datetime) -> Self:
        """Return those that still wait."""
        return self.filter(ended_at__isnull=True, earlier_than__gt=now)

    def in_order(self) -> Self:
        """Put the first who asked first."""
        return self.order_by("created_at", "pk")


class SlotWatch(models.Model):
    """A wish for a visit earlier than a moment, with one specialist or with anyone, in one way or in any.

    It ends when it is fulfilled, taken back, or when its moment has come.
    Purpose: a freed hour goes to those who wait for it, in order. Retention: 12 months after it ended.
    """

    class End(models.TextChoices):
        """Why it ended."""

        FULFILLED = "fulfilled", _("an earlier visit was booked")
        TAKEN_BACK = "taken_back", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("booking.Service", on_delete=models.CASCADE, related_name="watches")
    specialist = models.ForeignKey(
        "scheduler.Resource", on_delete=models.CASCADE, null=True, blank=True, related_name="watches"
    )
    person = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="slot_watches")
    mode = models.CharField(_("takes place"), max_length=10, choices=Mode.choices, blank=True)
    earlier_than = models.DateTimeField(_("earlier than"))
    appointment = models.ForeignKey(
        "booking.Appointment", on_delete=models.CASCADE, null=True, blank=True, related_name="watches"
    )
    # Times that were free when she asked and did not suit her: [specialist, start in UTC], never offered to her.
    passed_over = models.JSONField(_("times that did not suit"), default=list, blank=True)
    created_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="slot_watches"
    )
    created_at = models.DateTimeField(_("asked"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end = models.CharField(_("why it ended"), max_length=10, choices=End.choices, blank=True)

    objects = SlotWatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for an earlier visit")
        verbose_name_plural = _("wishes for an earlier visit")
        ordering = ["created_at"]
        indexes = [models.Index(fields=["service", "created_at"], name="watch_by_service_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "person"],
                condition=Q(ended_at__isnull=True),
                name="person_watches_a_service_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(mode__in=["", *MODES]), name="watch_asks_for_a_known_way"),
            models.CheckConstraint(
                condition=Q(end__in=["fulfilled", "taken_back"], ended_at__isnull=False)
                | Q(end="", ended_at__isnull=True),
                name="watch_that_ended_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.service}"

    @property
    def unwanted(self) -> set[tuple[uuid.UUID, datetime]]:
        """The times that did not suit when the wish was made: with whom, and when."""
        return {(uuid.UUID(specialist), datetime.fromisoformat(start)) for specialist, start in self.passed_over}
