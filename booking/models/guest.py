"""Coming to one meeting only: guests on a freed place, and the credits that let somebody make up for a missed one."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

HELD = ("offered", "coming")


class MakeUpCreditQuerySet(models.QuerySet["MakeUpCredit"]):
    """Questions about credits."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Credits of the people `user` may see."""
        return self.filter(child__in=Person.objects.visible_to(user, on))

    def usable(self, on: date) -> Self:
        """Those that are not used and still hold on that day."""
        used = GuestPlace.objects.filter(status__in=HELD, credit__isnull=False).values("credit")
        return self.filter(valid_until__gt=on).exclude(pk__in=used)


class MakeUpCredit(models.Model):
    """The right to come once to another group of the activity, for a meeting missed with notice.

    Purpose: nobody loses a meeting for being ill. Retention: as the absence.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="credits")
    activity = models.ForeignKey("booking.Activity", on_delete=models.CASCADE, related_name="credits")
    absence = models.OneToOneField("booking.Absence", on_delete=models.CASCADE, related_name="credit")
    valid_until = models.DateField(_("until (not included)"))

    objects = MakeUpCreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("make-up credit")
        verbose_name_plural = _("make-up credits")
        ordering = ["valid_until"]

    def __str__(self) -> str:
        return f"{self.child}: {self.activity}"


class GuestPlaceQuerySet(models.QuerySet["GuestPlace"]):
    """Questions about guest places."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Those of the people `user` may see."""
        return self.filter(child__in=Person.objects.visible_to(user, on))

    def held(self) -> Self:
        """Those that take the place: offered or taken."""
        return self.filter(status__in=HELD)

    def offered(self) -> Self:
        """Those that wait for an answer."""
        return self.filter(status=GuestPlace.Status.OFFERED)

    def coming(self) -> Self:
        """Those that were taken."""
        return self.filter(status=GuestPlace.Status.COMING)

    def overdue(self, now: datetime) -> Self:
        """Offers whose moment has passed."""
        return self.offered().filter(expires_at__lte=now)


class GuestPlace(models.Model):
    """A place at one meeting of a group, for somebody who has none in it; an offer holds it until `expires_at`.

    Purpose: a place that is free for one day is used. Retention: as the meeting.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        OFFERED = "offered", _("waits for an answer")
        COMING = "coming", _("coming")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("not answered in time")
        CANCELLED = "cancelled", _("the place is not free any more")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("booking.Group", on_delete=models.CASCADE, related_name="guest_places")
    session = models.ForeignKey("scheduler.Session", on_delete=models.CASCADE, related_name="guest_places")
    child = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="guest_places")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    credit = models.ForeignKey(
        MakeUpCredit, on_delete=models.SET_NULL, null=True, blank=True, related_name="guest_places"
    )
    expires_at = models.DateTimeField(_("answer until"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"))
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = GuestPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest place")
        verbose_name_plural = _("guest places")
        ordering = ["session__starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "child"],
                condition=Q(status__in=["offered", "coming"]),
                name="guest_has_one_place_at_a_meeting",
            ),
            models.UniqueConstraint(
                fields=["credit"],
                condition=Q(status__in=["offered", "coming"]),
                name="credit_is_used_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["offered", "coming", "declined", "expired", "cancelled"]),
                name="guest_place_has_a_known_status",
            ),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(expires_at__isnull=False),
                name="offered_guest_place_ends_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child} – {self.session} ({self.get_status_display()})"
