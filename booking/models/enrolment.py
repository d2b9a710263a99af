"""A person's place in a group, for the whole course with all its dates."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

LIVE = ("enrolled", "waiting", "offered", "pending")
HOLDING = ("enrolled", "offered", "pending")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Questions about enrolments."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return enrolments of the people `user` may see."""
        return self.filter(child__in=Person.objects.visible_to(user, on))

    def live(self) -> Self:
        """Those that are not over."""
        return self.filter(status__in=LIVE)

    def holding(self) -> Self:
        """Those that take a place."""
        return self.filter(status__in=HOLDING)


class Enrolment(models.Model):
    """One place of one person in one group. A later enrolment after a withdrawal is a new row.

    Purpose: the promise itself. Retention: 5 years after its end (project reports), then anonymised.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        ENROLLED = "enrolled", _("enrolled")
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("a place is offered")
        PENDING = "pending", _("to be completed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ENDED = "ended", _("ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("booking.Group", on_delete=models.PROTECT, related_name="enrolments")
    child = models.ForeignKey("booking.Person", on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ENROLLED)
    note = models.CharField(_("note for the centre"), max_length=500, blank=True)
    enrolled_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="enrolments_made"
    )
    created_at = models.DateTimeField(_("made"))
    updated_at = models.DateTimeField(_("changed"))

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["child", "status"], name="enrolment_by_child")]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "child"],
                condition=Q(status__in=["enrolled", "waiting", "offered", "pending"]),
                name="child_has_one_live_place_in_a_group",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["enrolled", "waiting", "offered", "pending", "withdrawn", "ended"]),
                name="enrolment_has_a_known_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child} – {self.group}"

    @property
    def is_live(self) -> bool:
        """Whether it is not over."""
        return self.status in LIVE
