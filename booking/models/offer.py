"""A place held for somebody in line until a moment."""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


SIGNER = Signer(salt="booking.offer", sep=".")
KEY_BYTES = 16


def read_secret(secret: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the offer and the person whom a link of a message is for, or None for a link that nobody was sent."""
    try:
        both = base64.urlsafe_b64decode(SIGNER.unsign(secret) + "=")
    except (BadSignature, binascii.Error, ValueError):
        return None
    return uuid.UUID(bytes=both[:KEY_BYTES]), uuid.UUID(bytes=both[KEY_BYTES:])


class OfferQuerySet(models.QuerySet["Offer"]):
    """Questions about offers."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Offers to people whom `user` may see."""
        return self.filter(enrolment__child__in=Person.objects.visible_to(user, on))

    def open(self) -> Self:
        """Offers that wait for an answer."""
        return self.filter(status=Offer.Status.OPEN)

    def overdue(self, now: datetime) -> Self:
        """Open offers whose moment has passed."""
        return self.open().filter(expires_at__lte=now)


class Offer(models.Model):
    """A place held for one person in line. While it is open, the place counts as taken.

    Purpose: a freed place goes to the next in line, who has time to answer. Retention: as the enrolment.
    """

    class Status(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("not answered in time")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey("booking.Enrolment", on_delete=models.CASCADE, related_name="offers")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    expires_at = models.DateTimeField(_("answer until"))
    created_at = models.DateTimeField(_("made"))
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["expires_at"]
        indexes = [models.Index(fields=["status", "expires_at"], name="offer_by_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(status="open"), name="enrolment_has_one_open_offer"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "accepted", "declined", "expired"]), name="offer_has_a_known_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} ({self.get_status_display()})"

    def secret_for(self, reader_id: uuid.UUID) -> str:
        """Return the part of the link that only this reader is sent: signed, so that it need not be stored."""
        return SIGNER.sign(base64.urlsafe_b64encode(self.pk.bytes + reader_id.bytes).decode().rstrip("="))
