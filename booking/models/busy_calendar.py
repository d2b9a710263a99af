"""A calendar outside this product whose entries keep a specialist's time free of visits."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.sealing import digest, digests, seal, unseal
from booking.models.staff import StaffMember

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account

STALE_AFTER = timedelta(days=1)


class BusyCalendarQuerySet(models.QuerySet["BusyCalendar"]):
    """Questions about calendars outside."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the reader's own, while she works for the centre: an outside calendar is a private matter."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(resource__in=StaffMember.objects.diaries_of(user, on).values("resource_id"))

    def at(self, address: str) -> Self:
        """Return those that are fetched from this address."""
        return self.filter(address_digest__in=digests(address))

    def due(self, now: datetime) -> Self:
        """Return those whose time to be fetched has come and that nobody is fetching."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        return self.filter(free, next_fetch_at__lte=now)


class BusyCalendar(models.Model):
    """A calendar of a specialist elsewhere, read again and again; only its busy times are kept (`BusyPeriod.source`).

    The address is a secret of the calendar's owner: sealed, and shown as the name of its machine. When a fetch is
    refused, `refused` says why and the times of the last good one stay.
    Purpose: no visit is offered while the specialist is elsewhere. Retention: until she turns it off.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    resource = models.ForeignKey("scheduler.Resource", on_delete=models.CASCADE, related_name="busy_calendars")
    name = models.CharField(_("name"), max_length=60, blank=True)
    address_sealed = models.TextField(editable=False)
    address_digest = models.CharField(max_length=64, editable=False)
    host = models.CharField(_("fetched from"), max_length=255)
    added_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="busy_calendars_added"
    )
    added_at = models.DateTimeField(_("added"))
    next_fetch_at = models.DateTimeField(_("next fetched"), db_index=True)
    lease_until = models.DateTimeField(_("being fetched until"), null=True, blank=True)
    asked_at = models.DateTimeField(_("last asked"), null=True, blank=True)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    refused = models.CharField(_("why it was not read"), max_length=40, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)

    objects = BusyCalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar elsewhere")
        verbose_name_plural = _("calendars elsewhere")
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "address_digest"], name="calendar_elsewhere_is_added_once_for_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.host

    def keep_address(self, address: str) -> None:
        """Put the address into the row, sealed; saving is the caller's."""
        self.address_sealed, self.address_digest = seal(address), digest(address)

    def open_address(self) -> str:
        """Return the address in the clear, for fetching."""
        return unseal(self.address_sealed)

    @property
    def fresh_at(self) -> datetime:
        """Until when its times are known to be right."""
        return self.read_at or self.added_at

    def is_stale(self, now: datetime) -> bool:
        """Whether it could not be read for so long that its times may be wrong."""
        return bool(self.refused) and self.fresh_at < now - STALE_AFTER
