"""By which way alone somebody may be reached, when, and whether the centre may be mentioned."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking.models.person import Person

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

MIDNIGHT = 24


class SafeContactQuerySet(models.QuerySet["SafeContact"]):
    """Questions about safe contacts."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return those of the people of the reader's desk; nobody else knows that there is one."""
        return self.filter(person__in=Person.objects.of_desk(user, on))


class SafeContact(models.Model):
    """The one way in which a person may be told anything: it stands above every other setting and every message.

    With `channel` "nobody" she is told only when she comes or calls by herself. Hours are full hours of the centre's
    clock, `[from, until)`; a message waits for them. `discreet` lets nothing that is sent name the centre or say what
    it is about.
    Purpose: a message must not put anybody in danger at home. Retention: until the person says it is no longer needed,
    then deleted.
    """

    class Channel(models.TextChoices):
        """The safe way."""

        EMAIL = "email", _("by e-mail")
        PHONE = "phone", _("by phone")
        SMS = "sms", _("by SMS")
        LETTER = "letter", _("by letter")
        SCHOOL = "school", _("through the school")
        NOBODY = "nobody", _("not at all: she or he will come or call")

    person = models.OneToOneField(
        "booking.Person", on_delete=models.CASCADE, primary_key=True, related_name="safe_contact"
    )
    channel = models.CharField(_("safe way"), max_length=10, choices=Channel.choices)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    from_hour = models.PositiveSmallIntegerField(_("from hour"), null=True, blank=True)
    until_hour = models.PositiveSmallIntegerField(_("until hour"), null=True, blank=True)
    discreet = models.BooleanField(_("never mention the centre"), default=True)
    note = models.CharField(_("for whoever calls or writes"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="safe_contacts_recorded"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = SafeContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("safe contact")
        verbose_name_plural = _("safe contacts")
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["email", "phone", "sms", "letter", "school", "nobody"]),
                name="safe_contact_is_by_a_known_way",
            ),
            models.CheckConstraint(condition=~Q(channel="email") | ~Q(email=""), name="safe_email_is_written_down"),
            models.CheckConstraint(
                condition=~Q(channel__in=["phone", "sms"]) | ~Q(phone=""), name="safe_phone_is_written_down"
            ),
            models.CheckConstraint(
                condition=Q(from_hour__isnull=True, until_hour__isnull=True)
                | Q(from_hour__gte=0, until_hour__lte=MIDNIGHT, until_hour__gt=F("from_hour")),
                name="safe_hours_lie_in_one_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_channel_display()}"

    def is_open_at(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether she may be reached at that moment."""
        if self.from_hour is None or self.until_hour is None:
            return True
        return self.from_hour <= moment.astimezone(zone).hour < self.until_hour
