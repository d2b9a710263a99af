"""A secret link to a calendar: only the hash of its token is kept."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal, as it is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Return 256 random bits for an address."""
    return secrets.token_urlsafe(32)


class CalendarSubscriptionQuerySet(models.QuerySet["CalendarSubscription"]):
    """Questions about calendar subscriptions."""

    def visible_to(self, user: Account | AnonymousUser) -> Self:
        """Return `user`'s own."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def live(self) -> Self:
        """Those that were not revoked."""
        return self.filter(revoked_at__isnull=True)


class CalendarSubscription(models.Model):
    """A calendar that a phone or another program fetches. What it shows follows the owner's rights of the moment.

    Purpose: the right hour on everyone's phone. Retention: until revoked, then 12 months for the log of readings.
    """

    class Scope(models.TextChoices):
        """Whose sessions it shows."""

        HOUSEHOLD = "household", _("the whole family")
        CHILD = "child", _("one child")
        SPECIALIST = "specialist", _("my work")
        SPECIALIST_BUSY = "specialist_busy", _("my work, as busy time only")
        ROOM = "room", _("one room")
        GROUP = "group", _("one group")
        CENTRE = "centre", _("the whole centre")

    class Privacy(models.TextChoices):
        """How much an entry says to whoever looks at the phone."""

        FULL = "full", _("what, where and who")
        SERVICE_ONLY = "service_only", _("what and where, without names")
        BUSY = "busy", _("only that the time is taken")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey("booking.Account", on_delete=models.CASCADE, related_name="calendar_subscriptions")
    token_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("shows"), max_length=16, choices=Scope.choices)
    subject_id = models.UUIDField(_("of whom or what"), null=True, blank=True)
    privacy = models.CharField(_("says"), max_length=12, choices=Privacy.choices, default=Privacy.FULL)
    alarm_minutes = models.PositiveSmallIntegerField(_("reminder, minutes before"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"))
    last_read_at = models.DateTimeField(_("last fetched"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = CalendarSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar subscription")
        verbose_name_plural = _("calendar subscriptions")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    scope__in=["household", "child", "specialist", "specialist_busy", "room", "group", "centre"]
                ),
                name="subscription_has_a_known_scope",
            ),
            models.CheckConstraint(
                condition=Q(privacy__in=["full", "service_only", "busy"]), name="subscription_has_a_known_privacy"
            ),
            models.CheckConstraint(
                condition=Q(scope="household") | Q(subject_id__isnull=False), name="subscription_names_its_subject"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_scope_display())
